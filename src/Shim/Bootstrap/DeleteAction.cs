using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Runc;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Shim.Exits;
using ShimStack.Shim.Rootfs;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// The delete action. The daemon runs it at the end of every container, and after a shim that died: it removes whatever is there and does
/// not mind what
/// is not. Only what makes a clean-up impossible is an error; the rest are warnings, and the daemon removes the bundle.
/// </summary>
/// <param name="bundle">The container's bundle.</param>
/// <param name="arguments">The command line, validated.</param>
/// <param name="warn">Takes one line for each thing that did not work.</param>
internal sealed class DeleteAction(string bundle, ShimArguments arguments, Action<string> warn)
{
    // The daemon gives the whole action 5 s and then kills it, which costs the exit status and the bundle. The reference would use all of
    // them.
    private static readonly TimeSpan RuntimeLimit = TimeSpan.FromMilliseconds(4200);
    private static readonly TimeSpan TotalLimit = TimeSpan.FromMilliseconds(4700);

    private const string DefaultRoot = "/run/containerd/runc";
    private const int KilledStatus = 137;

    private readonly long _started = TimeProvider.System.GetTimestamp();

    /// <summary>Runs the action.</summary>
    /// <returns>The bytes for stdout: a DeleteResponse with the exit on record, or else one that says killed.</returns>
    /// <exception cref="InvalidDataException">The record of the options cannot be understood.</exception>
    public byte[] Run()
    {
        Options options = BundleFiles.ReadOptions(bundle);
        Attempt("delete the container", () => DeleteContainer(options));
        Attempt("unmount the rootfs", UnmountRootfs);
        Attempt("remove the cgroup", () => new LeftoverCgroup(bundle, arguments.Id).Remove(PauseWhileTime));
        Attempt("remove the socket", RemoveSocket);
        int pid = -1;
        Attempt("read the pid of the container", () => pid = BundleFiles.ReadInitPid(bundle));
        DeleteResponse response = new()
        {
            Pid = unchecked((uint)pid),
            ExitStatus = KilledStatus,
            ExitedAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
        };
        Attempt("read the exit of the container", () => ReadExit(response));
        Attempt("announce what the shim could not", () => new LeftoverExits(bundle, arguments).Announce());
        return response.ToByteArray();
    }

    // What the shim recorded before it died is the truth; only for a container that ran until now it is the runtime's SIGKILL.
    private void ReadExit(DeleteResponse response)
    {
        if (ExitFiles.TryRead(bundle, exec: "") is ExitRecord exit)
        {
            response.ExitStatus = exit.Status;
            response.ExitedAt = Timestamp.FromDateTimeOffset(new DateTimeOffset(exit.Ticks, TimeSpan.Zero));
        }
    }

    private void DeleteContainer(Options options)
    {
        string name = BundleFiles.ReadRuntime(bundle) is { Length: > 0 } recorded ? recorded : InfoAction.DefaultBinary;
        string path = ExecutablePath.Find(name, Environment.GetEnvironmentVariable("PATH"))
            ?? throw new StartupException($"exec: \"{name}\": executable file not found in $PATH");
        string root = GoPath.Join(options.Root.Length == 0 ? DefaultRoot : options.Root, arguments.Namespace);

        // Orphans of a runtime that must be killed come to this process and end with their group.
        CurrentProcess.BecomeSubreaper();
        CommandResult result = HelperCommand.Run(
            [path, "--root", root, "--log", bundle + "/log.json", "--log-format", "json", "delete", "--force", arguments.Id],
            RuntimeLimit,
            withErrors: true);
        if (result.Status != 0)
        {
            string end = result.Status is int status ? $"exit status {status}" : "not finished in time";
            throw new StartupException($"{name} did not terminate successfully: {end}: {Encoding.UTF8.GetString(result.Output).Trim()}");
        }
    }

    private void UnmountRootfs()
    {
        var unmount = new RootfsUnmount(bundle + "/rootfs", program => HelperCommand.Run(program, Left(), withErrors: true));
        unmount.Run(PauseWhileTime);
    }

    private bool PauseWhileTime(TimeSpan pause)
    {
        if (Left() < pause)
        {
            return false;
        }
        ChildProcess.Pause(pause);
        return true;
    }

    private TimeSpan Left() => TotalLimit - TimeProvider.System.GetElapsedTime(_started);

    // A shim which was killed could not do it. One that still serves others of its group answers, and keeps its socket.
    private void RemoveSocket()
    {
        if (BundleFiles.ReadAddress(bundle) is SocketAddress address)
        {
            ListenSocket.RemoveIfDead(address);
        }
    }

    private void Attempt(string what, Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is SyscallException or StartupException or InvalidDataException)
        {
            warn($"failed to {what}: {e.Message}");
        }
    }
}
