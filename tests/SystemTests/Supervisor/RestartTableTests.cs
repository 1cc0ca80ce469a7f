using System.Text.Json;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Ctl;
using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>Every policy with every way of ending, held to the table of docs/shimstackd.md, once for each fate of the daemon.</summary>
public sealed class RestartTableTests
{
    private static readonly ParallelOptions Some = new() { MaxDegreeOfParallelism = 4 };

    /// <summary>What happens to the daemon while the containers end.</summary>
    public enum Fate
    {
        Alive,
        Killed,
        Upgraded,
    }

    [Theory, InlineData(DaemonLine.Own, Fate.Alive), InlineData(DaemonLine.Own, Fate.Killed), InlineData(DaemonLine.Own, Fate.Upgraded)]
    [Feature("restart policies: policy x way of ending x daemon alive, killed or upgraded")]
    public Task EachPolicyDoesWhatThePageSays(string line, Fate fate) => CtlStage.RunAsync(line, async stage =>
    {
        RestartTable expected = RestartTable.Read(), found = new();
        List<RestartSubject> subjects = [];
        await Parallel.ForEachAsync(expected.Keys, Some, async (key, _) =>
        {
            RestartSubject subject = await RestartSubject.RunAsync(stage, key.Ending, key.Policy);
            lock (subjects)
            {
                subjects.Add(subject);
            }
        });
        await Parallel.ForEachAsync(subjects, Some, async (subject, _) => await subject.EndByDaemonAsync());
        await DuringAsync(stage, fate, () => Parallel.ForEachAsync(subjects, Some, async (subject, _) => await subject.EndAsync()));
        await SeeAsync(stage, subjects, found, expected);
        Assert.Equal(expected.Lines, found.Lines);
        await Parallel.ForEachAsync(subjects.Chunk(10), Some, async (some, _) => (await stage.CallAsync(["rm", "--force", .. some.Select(subject => subject.Id)])).MustSucceed());
    });

    private static async Task DuringAsync(CtlStage stage, Fate fate, Func<Task> ends)
    {
        switch (fate)
        {
            case Fate.Killed:
                await stage.Daemon.KillAsync();
                await ends();
                await stage.Daemon.StartAsync();
                break;
            case Fate.Upgraded:
                UpgradeBuilds builds = await UpgradeBuilds.MakeAsync(stage.Stage);
                Task ended = ends();
                await builds.UpgradeAsync(builds.Second);
                await builds.UpgradeAsync(builds.First);
                await ended;
                break;
            default:
                await ends();
                break;
        }
    }

    // Until all is as it should be, or for longer than the slowest cell needs; never are there two copies of one.
    private static async Task SeeAsync(CtlStage stage, List<RestartSubject> subjects, RestartTable found, RestartTable expected)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (!limit.IsCancellationRequested && !found.Lines.SequenceEqual(expected.Lines))
        {
            Dictionary<string, JsonElement> lines = JsonDocument.Parse((await stage.CallAsync("ps", "--json")).MustSucceed().Output)
                .RootElement.EnumerateArray().ToDictionary(line => line.GetProperty("id").GetString()!);
            foreach (RestartSubject subject in subjects)
            {
                found[subject.Ending, subject.Policy] = subject.Outcome(lines[subject.Id]) ?? $"undecided: {lines[subject.Id]}";
                Assert.InRange(subject.Copies().Count(), 0, 1);
            }
        }
    }
}
