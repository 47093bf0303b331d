"use strict";
// Looks again until the server has stopped.
setTimeout(() => location.reload(), 2000);
