/** A spec ends as soon as it can: this ends only one that hangs, however busy the machine is. In ms. */
jasmine.DEFAULT_TIMEOUT_INTERVAL = 60_000;
