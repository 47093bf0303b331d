"use strict";
// What was just said is not said again, nor a download begun again, when the page is loaded once more.
history.replaceState(null, "", location.pathname);
