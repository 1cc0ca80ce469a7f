using System.Text;
using ShimStack.Api.Types;
using ShimStack.Native.Processes;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Rootfs;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Settings;

namespace ShimStack.Shim.Tasks;

/// <summary>The root filesystem of a bundle, mounted and unmounted beside the loop: both may block for long.</summary>
/// <param name="loop">Where everything else runs.</param>
/// <param name="process">Runs the helpers of mounts that are not the kernel's.</param>
/// <param name="environment">Theirs.</param>
/// <param name="settings">How long one of them may take.</param>
internal sealed class TaskRootfs(EventLoop loop, RuntimeProcess process, IReadOnlyList<string> environment, ShimSettings settings)
{
    /// <exception cref="Ttrpc.RpcException">Unknown: a mount failed; what was mounted before it is undone.</exception>
    public Task MountAsync(string bundle, IReadOnlyList<Mount> mounts) =>
        BlockingCall.RunAsync(() => RootfsMounts.MountAll(RootfsOf(bundle), mounts, RunHelper));

    /// <exception cref="Native.SyscallException">It cannot be unmounted.</exception>
    public Task UnmountAsync(string bundle) =>
        new RootfsUnmount(RootfsOf(bundle), RunHelper).RunAsync(BlockingCall.RunAsync, loop.Timers, CancellationToken.None);

    private static string RootfsOf(string bundle) => Path.Join(bundle, "rootfs");

    // Called on the thread that mounts, which may wait; the child itself belongs to the loop's reaper like every other.
    private CommandResult RunHelper(IReadOnlyList<string> arguments)
    {
        TaskCompletionSource<RuntimeResult> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SpawnRequest request = new() { Path = arguments[0], Arguments = arguments, Environment = environment, DieWithParent = true };
        loop.Post(_ => _ = RunAsync(request, done), null);
        RuntimeResult result = done.Task.GetAwaiter().GetResult();
        return new CommandResult(result.Status, Encoding.UTF8.GetBytes(result.Output));
    }

    private async Task RunAsync(SpawnRequest request, TaskCompletionSource<RuntimeResult> done)
    {
        try
        {
            RuntimeCommand helper = new(request, Path.GetFileName(request.Path), string.Empty, settings.RuntimeLimit);
            done.SetResult(await process.CaptureAsync(helper, CancellationToken.None));
        }
        catch (Exception e)
        {
            done.SetException(e);
        }
    }
}
