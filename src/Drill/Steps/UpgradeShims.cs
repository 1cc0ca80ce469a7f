using System.Globalization;
using System.Net.Sockets;
using ShimStack.Api.Control;
using ShimStack.Drill.Record;
using ShimStack.Drill.Running;
using ShimStack.Drill.ShimHost;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Ttrpc;

namespace ShimStack.Drill.Steps;

/// <summary>Another build takes the place of each shim in its process, by shimstack.control.v1; done when each says that it serves.</summary>
/// <param name="Build">0 for the one that the daemon starts, 1 for a copy of it.</param>
internal sealed record UpgradeShims(int Build) : IStep
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public string Text => Build == 0 ? "upgrade all shims back to the first build" : "upgrade all shims to another build";

    public async Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        foreach (int pid in ShimProcesses.Find(stage.Target.Places, null))
        {
            await UpgradeAsync(stage, pid, stop);
        }
    }

    private async Task UpgradeAsync(DrillStage stage, int pid, CancellationToken stop)
    {
        try
        {
            string bundle = Files.ReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cwd"));
            ShimAddress address = ShimAddress.Parse(await File.ReadAllTextAsync(Path.Combine(bundle, "address"), stop));
            UpgradeResponse answer = await CallAsync(address.Path, PathOf(stage), stop);
            if (answer.Pid != pid)
            {
                throw new DrillException($"the shim {pid} is process {answer.Pid} after its upgrade");
            }

            stage.Record.Note(EntryKind.Done, Path.GetFileName(bundle), string.Create(CultureInfo.InvariantCulture,
                $"its shim, process {pid}, is {answer.Upgrade.Path} now; nothing moved for {answer.Upgrade.PauseUs / 1000.0:0.0} ms"));
        }
        catch (Exception e) when (e is RpcException or SocketException or IOException or SyscallException && ProcessStat.TryRead(pid) is null)
        {
            // Its container has ended and was deleted, and the shim with it.
        }
        catch (RpcException e)
        {
            throw new DrillException($"the shim {pid} is not upgraded: {e.Message}");
        }
    }

    private static async Task<UpgradeResponse> CallAsync(string path, string build, CancellationToken stop)
    {
        await using TtrpcClient shim = await TtrpcConnector.ConnectAsync(path, cancellation: stop);
        UpgradeRequest request = new() { Path = build, LimitMs = (long)Limit.TotalMilliseconds };
        TtrpcCallOptions patience = new() { Timeout = 3 * Limit };
        return await shim.CallAsync(ControlServices.V1, ControlServices.Upgrade, request, UpgradeResponse.Parser, patience, stop);
    }

    // Empty is the path by which the daemon has started it.
    private string PathOf(DrillStage stage)
    {
        if (Build == 0)
        {
            return "";
        }

        string copy = Path.Combine(stage.Target.Places.Folder, "next-shim");
        if (!File.Exists(copy))
        {
            File.Copy(Files.RealPath(stage.Target.Shim), copy);
        }

        return copy;
    }
}
