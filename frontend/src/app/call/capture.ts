/** What is captured for a call. */
export type DeviceKind = 'microphone' | 'camera';

/**
 * Why there is no track: the person or a policy refused it; there is no such device; another app has it; this page may
 * not ask at all (not a secure context); it went away while in use; something else.
 */
export type CaptureProblem = 'refused' | 'absent' | 'busy' | 'insecure' | 'gone' | 'unknown';

export type Captured =
  { readonly ok: true; readonly track: MediaStreamTrack } | { readonly ok: false; readonly problem: CaptureProblem };

/** Which way a phone's camera looks (W3C Media Capture, VideoFacingModeEnum). */
export type Facing = 'user' | 'environment';

/** What to capture with: a device the person once chose, and which way to look where none was. */
export interface CaptureChoice {
  readonly microphone?: string | undefined;
  readonly camera?: string | undefined;
  readonly facing: Facing;
  /** What the browser does to the microphone's sound; all of it where nothing was chosen. */
  readonly processing?: Processing | undefined;
  /** The picture in 1080 lines, where the camera has them, and not in 720. */
  readonly large?: boolean | undefined;
}

/** W3C Media Capture, 4.3.1 and following. */
export type Processing = Readonly<Record<'echoCancellation' | 'noiseSuppression' | 'autoGainControl', boolean>>;

const ALL: Processing = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** Exact: where a device is only `ideal` Chromium goes on capturing from the system's default. */
const audioConstraints = (deviceId: string | undefined, processing = ALL): MediaTrackConstraints => ({
  echoCancellation: { ideal: processing.echoCancellation },
  noiseSuppression: { ideal: processing.noiseSuppression },
  autoGainControl: { ideal: processing.autoGainControl },
  ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }),
});

// A chosen camera says which way it looks by itself.
const videoConstraints = (
  deviceId: string | undefined,
  { facing, large = false }: CaptureChoice,
): MediaTrackConstraints => ({
  width: { ideal: large ? 1920 : 1280 },
  height: { ideal: large ? 1080 : 720 },
  frameRate: { ideal: 30, max: 30 },
  ...(deviceId === undefined ? { facingMode: { ideal: facing } } : { deviceId: { exact: deviceId } }),
});

/** The chosen device first, and any other where it is not there any more: better some microphone than none. */
const orAny = (deviceId: string | undefined): (string | undefined)[] =>
  deviceId === undefined ? [undefined] : [deviceId, undefined];

/** By the constraints above with each chosen device that is there, and at last without any (OverconstrainedError). */
function* attempts(kinds: readonly DeviceKind[], choice: CaptureChoice): Generator<MediaStreamConstraints> {
  const microphone = kinds.includes('microphone');
  const camera = kinds.includes('camera');
  for (const heard of orAny(microphone ? choice.microphone : undefined))
    for (const seen of orAny(camera ? choice.camera : undefined))
      yield {
        audio: microphone && audioConstraints(heard, choice.processing),
        video: camera && videoConstraints(seen, choice),
      };
  yield { audio: microphone, video: camera };
}

/**
 * Captures the microphone, or the camera, or both with one question. Where both are not to be had together each is
 * tried by itself, so that one that is missing or refused does not cost the other.
 */
export async function capture(
  kinds: readonly DeviceKind[],
  choice: CaptureChoice,
): Promise<Partial<Record<DeviceKind, Captured>>> {
  const stream = await request(kinds, choice);
  if (stream instanceof MediaStream) return byKind(stream);
  const [kind, ...others] = kinds;
  if (kind === undefined) return {};
  if (others.length === 0) return { [kind]: { ok: false, problem: stream } };
  const microphone = await capture(['microphone'], choice);
  // A person who refused both was asked two times; there is no third question.
  const refused = stream === 'refused' && (await permission('camera')) !== 'granted';
  return {
    ...microphone,
    ...(refused ? { camera: { ok: false, problem: stream } } : await capture(['camera'], choice)),
  };
}

/**
 * What the browser says it would answer, without asking the person (Permissions API).
 *
 * @returns `unknown` where the browser does not tell
 */
export async function permission(kind: DeviceKind): Promise<PermissionState | 'unknown'> {
  try {
    return (await navigator.permissions.query({ name: kind })).state;
  } catch {
    return 'unknown';
  }
}

async function request(kinds: readonly DeviceKind[], choice: CaptureChoice): Promise<MediaStream | CaptureProblem> {
  // In an insecure context there is no such property, whatever the types say.
  if (!('mediaDevices' in navigator)) return 'insecure';
  let problem: CaptureProblem = 'unknown';
  for (const constraints of attempts(kinds, choice)) {
    try {
      return await navigator.mediaDevices.getUserMedia(constraints);
    } catch (cause) {
      problem = problemOf(cause);
      // A chosen device that is not there any more is `unknown` or `absent`, by the browser.
      if (problem !== 'unknown' && problem !== 'absent') return problem;
    }
  }
  return problem;
}

function byKind(stream: MediaStream): Partial<Record<DeviceKind, Captured>> {
  const [microphone] = stream.getAudioTracks();
  const [camera] = stream.getVideoTracks();
  return {
    ...(microphone && { microphone: { ok: true, track: microphone } }),
    ...(camera && { camera: { ok: true, track: camera } }),
  };
}

/** The standard's names of what went wrong (W3C Media Capture, getUserMedia) as outcomes. */
export function problemOf(cause: unknown): CaptureProblem {
  switch (cause instanceof DOMException ? cause.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused';
    case 'NotFoundError':
      return 'absent';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'unknown';
  }
}
