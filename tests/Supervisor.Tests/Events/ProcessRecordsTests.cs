using ShimStack.Supervisor.Events;

namespace ShimStack.Supervisor.Tests.Events;

public sealed class ProcessRecordsTests
{
    [Fact]
    public async Task TheyFollowTheEventsOfAContainer()
    {
        await using JournalOnDisk disk = new();
        await disk.PublishAsync(Event.Create("c", 10), Event.Start("c", 10), Event.ExecAdded("c", "e"));
        Assert.Equal(0u, (await FindAsync(disk, "e"))?.Pid);
        await disk.PublishAsync(Event.ExecStarted("c", "e", 11), Event.Exit("c", 11, 3, exec: "e"));
        ProcessRecord? exec = await FindAsync(disk, "e");
        Assert.Equal((11u, (uint?)3, 1_790_000_000L, 7), (exec!.Pid, exec.ExitStatus, exec.ExitedAt!.Seconds, exec.ExitedAt.Nanos));
        ProcessRecord? init = await FindAsync(disk, "");
        Assert.Equal((10u, null, null), (init!.Pid, init.ExitStatus, init.ExitedAt));
        Assert.Equal(2, (await disk.Processes.OfContainerAsync(Event.Namespace, "c")).Count);
        await disk.PublishAsync(Event.Delete("c", 10));
        Assert.Empty(await disk.Processes.OfContainerAsync(Event.Namespace, "c"));
    }

    [Fact]
    public async Task TheyAreThereAfterARestart()
    {
        await using JournalOnDisk disk = new();
        await disk.PublishAsync(Event.Create("c", 10), Event.Create("d", 20), Event.Exit("d", 20, 137));
        await disk.ReopenAsync();
        Assert.Equal("d", Assert.Single(await disk.Processes.OfContainerAsync(Event.Namespace, "d")).Container);
        Assert.Empty(await disk.Processes.OfContainerAsync("other", "c"));
        Assert.Equal(137u, (await disk.Processes.FindAsync(Event.Namespace, "d", ""))?.ExitStatus);
    }

    [Fact]
    public async Task ATaskThatIsRestoredGetsItsPidWhenItStarts()
    {
        await using JournalOnDisk disk = new();
        await disk.PublishAsync(Event.Create("c", 0), Event.Start("c", 10));
        Assert.Equal(10u, (await FindAsync(disk, ""))?.Pid);
    }

    [Fact]
    public async Task ANewRunBeginsWithoutTheExecsOfTheOlder()
    {
        await using JournalOnDisk disk = new();
        await disk.PublishAsync(Event.Create("c", 10), Event.ExecAdded("c", "e"), Event.ExecStarted("c", "e", 11), Event.Create("c", 20));
        Assert.Equal([20u], (await disk.Processes.OfContainerAsync(Event.Namespace, "c")).Select(p => p.Pid));
    }

    private static Task<ProcessRecord?> FindAsync(JournalOnDisk disk, string exec) => disk.Processes.FindAsync(Event.Namespace, "c", exec);
}
