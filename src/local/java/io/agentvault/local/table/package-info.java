/** DynamoDB Local, the template's tables in it, and the streams that feed functions. */
@NullMarked
package io.agentvault.local.table;

import org.jspecify.annotations.NullMarked;
