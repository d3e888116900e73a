# shellcheck shell=bash
# Sourced, not run: the checks that every script which talks to AWS begins with.

fail() {
  echo "${0##*/}: $1" >&2
  exit 1
}

# need TOOL HINT: the tool is there, or one sentence says how to get it.
need() {
  command -v "$1" >/dev/null || fail "$1 is missing: $2"
}

need_aws() {
  need aws "install the AWS CLI 2 (https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html)"
}

# Version 1 takes binary values for text and would store them encoded twice.
need_aws_version_2() {
  need_aws
  [[ $(aws --version 2>&1) == aws-cli/2* ]] || fail "the AWS CLI is version 1: install version 2"
}

need_credentials() {
  aws sts get-caller-identity --query Arn --output text 2>/dev/null ||
    fail "no valid AWS credentials: run 'aws sso login' or set AWS_PROFILE, then try again"
}
