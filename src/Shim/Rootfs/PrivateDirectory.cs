using System.Runtime.ExceptionServices;
using ShimStack.Native.Processes;

namespace ShimStack.Shim.Rootfs;

/// <summary>A working directory for one piece of work, while the process keeps its own. See unshare(2), CLONE_FS.</summary>
internal static class PrivateDirectory
{
    private const int StackSize = 256 * 1024;

    /// <summary>
    /// Does <paramref name="work"/> in <paramref name="directory"/>, on a thread that ends with it; exceptions come back to the caller.
    /// </summary>
    public static void Run(string directory, Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    CurrentProcess.UnshareFileSystem();
                    CurrentProcess.ChangeDirectory(directory);
                    work();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackSize);
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
