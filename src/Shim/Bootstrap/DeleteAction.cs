using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Task;
using ShimStack.Shim.Exits;
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
    // The daemon gives the whole action 5 s and then kills it, which costs the exit status and the bundle.
    private static readonly TimeSpan TotalLimit = TimeSpan.FromMilliseconds(4700);

    private const int KilledStatus = 137;

    private readonly Attempts _attempts = new(warn);
    private readonly long _started = TimeProvider.System.GetTimestamp();

    /// <summary>Runs the action.</summary>
    /// <returns>The bytes for stdout: a DeleteResponse with the exit on record, or else one that says killed.</returns>
    /// <exception cref="InvalidDataException">The record of the options cannot be understood.</exception>
    public byte[] Run()
    {
        string[] members = [];
        // While the socket is there, by which a shim that is alive is known.
        _attempts.Try("find the rest of the pod", () => members = PodMembers.OrphanedIn(bundle));
        CleanUp(bundle, arguments.Id);
        _attempts.Try("remove the socket", RemoveSocket);
        foreach (string member in members)
        {
            CleanUp(GoPath.Join(GoPath.DirectoryOf(bundle), member), member);
        }
        int pid = -1;
        _attempts.Try("read the pid of the container", () => pid = BundleFiles.ReadInitPid(bundle));
        DeleteResponse response = new()
        {
            Pid = unchecked((uint)pid),
            ExitStatus = KilledStatus,
            ExitedAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
        };
        _attempts.Try("read the exit of the container", () => ReadExit(response));
        _attempts.Try("announce what the shim could not", () => new LeftoverExits(bundle, arguments).Announce());
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

    private void CleanUp(string its, string id) =>
        new ContainerCleanup(new DoomedContainer(arguments.Namespace, id, its, Records: bundle), Left, _attempts).Run();

    private TimeSpan Left() => TotalLimit - TimeProvider.System.GetElapsedTime(_started);

    // A shim which was killed could not do it. One that still serves others of its group answers, and keeps its socket.
    private void RemoveSocket()
    {
        if (BundleFiles.ReadAddress(bundle) is SocketAddress address)
        {
            ListenSocket.RemoveIfDead(address);
        }
    }
}
