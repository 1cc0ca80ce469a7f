using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Rootfs;

/// <summary>
/// Runs a mount helper to its end and blocks meanwhile: it is called where mount(2) is, on a thread that may wait. The server runs it
/// through its reaper, the
/// delete action by itself.
/// </summary>
/// <param name="arguments">The absolute path of the program and its arguments.</param>
internal delegate CommandResult MountProgram(IReadOnlyList<string> arguments);
