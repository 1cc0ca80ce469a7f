using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.Upgrades;
using ShimStack.Client;
using ShimStack.Drill.Record;
using ShimStack.Drill.Running;

namespace ShimStack.Drill.Steps;

/// <summary>
/// Another build takes the place of the daemon in its process, by shimstack.upgrades.v1; done when it says that it serves.
/// </summary>
/// <param name="Build">Which of the target's: 0 for the one that was started, 1 for the other.</param>
internal sealed record UpgradeDaemon(int Build) : IStep
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    // Until the build answers calls are cut; not a way of waiting for something to happen.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public string Text => Build == 0 ? "upgrade the daemon back to the first build" : "upgrade the daemon to the other build";

    public async Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        string path = stage.Target.Builds[Build];
        using DaemonClient client = new(stage.Target.Places.Socket, stage.Target.Places.Name);
        BeginResponse begun = await client.Upgrades
            .BeginAsync(new BeginRequest { Path = path, Limit = Duration.FromTimeSpan(Limit) }, cancellationToken: stop);
        LastResponse last = await OutcomeAsync(stage, client, begun.Id, stop);
        if (last.Outcome.Failure.Length > 0 || last.Pid != stage.Daemon.Pid)
        {
            throw new DrillException($"{path} did not take over (process {last.Pid}, before {stage.Daemon.Pid}): {last.Outcome.Failure}");
        }

        string silence = last.Outcome.Silence?.ToTimeSpan().TotalMilliseconds
            .ToString("0", System.Globalization.CultureInfo.InvariantCulture) ?? "?";
        stage.Record.Note(EntryKind.Done, "daemon", $"{path} has taken over, and was silent for {silence} ms");
        await stage.AnswersAsync();
    }

    private static async Task<LastResponse> OutcomeAsync(DrillStage stage, DaemonClient client, string id, CancellationToken stop)
    {
        Moment begin = stage.Record.Now();
        while (stage.Record.Now().Since(begin) < Patience)
        {
            try
            {
                LastResponse last = await client.Upgrades.LastAsync(new LastRequest(), cancellationToken: stop);
                if (last.Outcome?.Id == id)
                {
                    return last;
                }
            }
            catch (RpcException e) when (ConnectionLoss.Is(e))
            {
                // Between the two builds.
            }

            await Task.Delay(Pause, stop);
        }

        throw new DrillException($"no build tells what came of the upgrade {Patience.TotalSeconds:0} s after it began");
    }
}
