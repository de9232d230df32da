/** Two browsers, a server and a camera on a machine that may be slow: nothing here is timed, everything is waited for. */
jasmine.DEFAULT_TIMEOUT_INTERVAL = 300_000;
