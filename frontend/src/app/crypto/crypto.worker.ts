/** The dedicated worker of the machine, as the builder bundles it for the app. */
import '../../../crypto/worker.ts';
