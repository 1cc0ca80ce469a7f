using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Restart;
using ShimStack.Supervisor.Tests.Events;

namespace ShimStack.Supervisor.Tests.Restart;

public sealed class RestartsTests
{
    private static readonly TimeSpan Longest = Backoff.Jittered(Backoff.Longest, 1);

    [Fact]
    public async Task AnExitIsOnRecordWithItsEventAndWaitsForItsTime()
    {
        await using RestartsHost host = await RestartsHost.StartAsync();
        await host.AddAsync("c", "always");
        await host.Journal.PublishAsync(Event.Exit("c", 7, status: 3));
        RestartRecord record = await host.UntilAsync("c", found => found.State == RestartState.Waiting);
        Assert.Equal((3u, 0, Backoff.First), (record.ExitStatus, record.Count, record.Delay));
        Assert.InRange(record.NextAt!.Value - host.Time.GetUtcNow(), Backoff.First * 0.79, Backoff.First * 1.21);
    }

    [Fact]
    public async Task TriesThatFailAreBackedOffAndTold()
    {
        await using RestartsHost host = await RestartsHost.StartAsync();
        await host.AddAsync("c", "always");
        await host.Journal.PublishAsync(Event.Exit("c", 7));
        RestartRecord record = await host.InTimeAsync("c", record => record.Count >= 3);
        Assert.Equal((RestartState.Waiting, "invalid custom binary path: /no/such/shim is no executable file"), (record.State, record.Error));
        Assert.Equal(Backoff.First * Math.Pow(2, record.Count) is var delay && delay < Backoff.Longest ? delay : Backoff.Longest, record.Delay);
    }

    [Fact]
    public async Task OnFailureGivesUpAfterItsNumberOfTries()
    {
        await using RestartsHost host = await RestartsHost.StartAsync();
        await host.AddAsync("c", "on-failure:2");
        await host.Journal.PublishAsync(Event.Exit("c", 7, status: 1));
        RestartRecord last = await host.InTimeAsync("c", record => record.State == RestartState.Ended);
        Assert.Equal(2, last.Count);
        Assert.NotNull(last.Error);
    }

    [Fact]
    public async Task AStopEndsTheWaiting()
    {
        await using RestartsHost host = await RestartsHost.StartAsync();
        await host.AddAsync("c", "always");
        await host.Journal.PublishAsync(Event.Exit("c", 7));
        await host.UntilAsync("c", record => record.State == RestartState.Waiting);
        await host.RelabelAsync("c", RestartLabels.Stopped, "true");
        await host.UntilAsync("c", record => record.State == RestartState.Ended);
        host.Time.Advance(Longest);
        await host.ReopenAsync(); // the daemon's start is no reason to start what was stopped
        Assert.Equal((RestartState.Ended, 0), (await host.FindAsync("c") is var record ? (record.State, record.Count) : default));
    }

    [Fact]
    public async Task TheExitOfAnExecIsNone()
    {
        await using RestartsHost host = await RestartsHost.StartAsync();
        await host.AddAsync("c", "always");
        await host.Journal.PublishAsync(Event.Create("c", 7));
        await host.Journal.PublishAsync(Event.ExecAdded("c", "e"));
        await host.Journal.PublishAsync(Event.Exit("c", 8, exec: "e"));
        Assert.Null((await host.FindAsync("c")).ExitStatus);
    }

    [Fact]
    public async Task TheListOfANamespaceHasRecordsWithTheirContainers()
    {
        await using RestartsHost host = await RestartsHost.StartAsync();
        await host.AddAsync("b", "always");
        await host.AddAsync("a", "on-failure:2");
        List<(RestartRecord Record, Api.Daemon.Container Container)> list = await host.Store.OfNamespaceAsync(RestartsHost.Namespace);
        Assert.Equal(["a", "b"], list.Select(entry => entry.Record.Container));
        Assert.Equal(["on-failure:2", "always"], list.Select(entry => entry.Container.Labels[RestartLabels.Policy]));
        Assert.Empty(await host.Store.OfNamespaceAsync("another"));
    }

    [Fact]
    public async Task TheRecordGoesWithItsContainer()
    {
        await using RestartsHost host = await RestartsHost.StartAsync();
        await host.AddAsync("c", "always");
        await host.Containers.DeleteAsync(RestartsHost.Namespace, "c");
        Assert.Null(await host.Store.FindAsync(RestartsHost.Namespace, "c"));
    }

    [Fact]
    public async Task WithoutItsPolicyNothingIsKept()
    {
        await using RestartsHost host = await RestartsHost.StartAsync();
        await host.AddAsync("c", "always");
        await host.RelabelAsync("c", RestartLabels.Policy, "no");
        using CancellationTokenSource limit = new(Limit.Time);
        while (await host.Store.FindAsync(RestartsHost.Namespace, "c") is not null)
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task WhoWaitsGoesOnWaitingAfterARestartOfTheDaemonAndAClockThatJumps()
    {
        await using RestartsHost host = await RestartsHost.StartAsync();
        await host.AddAsync("c", "always");
        RestartRecord record = await host.FindAsync("c");
        await host.Store.PutAsync(record with { State = RestartState.Waiting, Delay = Backoff.Longest, NextAt = host.Time.GetUtcNow().AddYears(1) });
        await host.ReopenAsync();
        await host.InTimeAsync("c", found => found.Count == 1);
    }

    [Fact]
    public async Task AfterABootWhatShouldRunIsStartedAndItsEndTold()
    {
        await using RestartsHost host = await RestartsHost.StartAsync();
        await host.AddAsync("ran", "on-failure");
        await host.AddAsync("stopped", "always");
        await host.AddAsync("stopped-for-good", "unless-stopped");
        await host.Journal.PublishAsync(Event.Create("ran", 7));
        foreach (string id in (string[])["stopped", "stopped-for-good"])
        {
            await host.RelabelAsync(id, RestartLabels.Stopped, "true");
            await host.Store.EndAsync(RestartsHost.Namespace, id);
        }

        await host.Store.NoteBootAsync("another");
        await host.ReopenAsync();
        Assert.Equal(255u, (await host.FindAsync("ran")).ExitStatus);
        await host.UntilAsync("ran", record => record.Count == 1);
        await host.UntilAsync("stopped", record => record.Count == 1);
        Assert.Equal(RestartState.Ended, (await host.FindAsync("stopped-for-good")).State);
        Assert.False((await host.Containers.GetAsync(RestartsHost.Namespace, "stopped")).Labels.ContainsKey(RestartLabels.Stopped));
        Assert.Equal(["/tasks/create", "/tasks/exit", "/tasks/delete"], await host.Database.WriteAsync(c => c.Rows("SELECT topic FROM events ORDER BY sequence", row => row.GetString(0))));
        await host.ReopenAsync();
        Assert.Equal(RestartState.Ended, (await host.FindAsync("stopped-for-good")).State);
    }
}
