using System.Globalization;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Ttrpc;

namespace ShimStack.Drill.ShimHost;

/// <summary>Runs the shim's program for start and delete. Contract chapters 1.3 to 1.6 and 1.12.</summary>
/// <param name="shim">The program.</param>
/// <param name="events">The socket on which it is to tell of events.</param>
/// <param name="places">Where everything is.</param>
/// <param name="loop">Its parent.</param>
internal sealed class ShimAction(string shim, string events, TargetPlaces places, WatchLoop loop)
{
    private const int OwnerOnly = 0x180; // 0600

    private int _count;

    /// <exception cref="RpcException">It failed, with its status.</exception>
    public async Task<byte[]> RunAsync(HostedShim of, params string[] action)
    {
        int number = Interlocked.Increment(ref _count);
        string answer = Path.Combine(places.Programs, string.Create(CultureInfo.InvariantCulture, $"{of.Id}.{action[^1]}.{number}"));
        try
        {
            Task<ChildExit> end;
            using (FileDescriptor output = Files.Open(answer, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC, OwnerOnly))
            using (FileDescriptor log = Files.Open(places.LogFile, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND, OwnerOnly))
            {
                (_, end) = await loop.SpawnAsync(Request(of, action) with { Descriptors = [new(output, 1), new(log, 2)] });
            }

            ChildExit exit = await end;
            return exit.Status == 0
                ? await File.ReadAllBytesAsync(answer)
                : throw RpcException.Unknown($"the shim's action {action[^1]} has ended with {exit.Status}");
        }
        finally
        {
            File.Delete(answer);
        }
    }

    private SpawnRequest Request(HostedShim of, string[] action) => new()
    {
        Path = shim,
        Arguments =
        [
            shim, "-namespace", places.Name, "-address", places.Socket, "-publish-binary", CurrentProcess.ExecutablePath, "-id", of.Id, .. action,
        ],
        Environment =
        [
            .. TargetNames.Environment(places, shim), $"TTRPC_ADDRESS={events}", $"GRPC_ADDRESS={places.Socket}", $"NAMESPACE={places.Name}",
            "MAX_SHIM_VERSION=2", "GOMAXPROCS=2",
        ],
        WorkingDirectory = of.Bundle,
    };
}
