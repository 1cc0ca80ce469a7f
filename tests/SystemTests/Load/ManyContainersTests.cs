using System.Globalization;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Load;

/// <summary>Nothing is lost, doubled or out of order when much happens at once.</summary>
[Collection(nameof(Alone))]
public sealed class ManyContainersTests
{
    private const int AtOnce = 8;

    /// <summary>500 containers in all, most of them on Debian 12's own daemon.</summary>
    public static TheoryData<string, int> Shares => new() { { DaemonLine.Debian12, 300 }, { "1.7", 100 }, { "2.x", 100 } };

    [Theory, MemberData(nameof(Shares))]
    public Task EachContainerHasItsFourEventsInOrderAndItsOwnCode(string line, int count) => Stage.RunAsync(line, async stage =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference && line == "2.x", "the reference of 2.1 sometimes ends before its last event is sent");
        using EventLog log = await EventLog.FollowAsync(stage);
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForAsync(0, count, options, async (number, _) => await RunOneAsync(stage, number));
        await log.WaitForAsync(events => events.Count(e => e.Topic == "/tasks/delete") == count, "all delete events");
        foreach (int number in Enumerable.Range(0, count))
        {
            Assert.Equal(["create", "start", "exit", "delete"], log.Story(Id(number)));
        }

        Assert.All(log.Events.Where(e => e.Topic is "/tasks/exit" or "/tasks/delete"), e => Assert.Equal(Code(e.Container), e.ExitStatus));
    });

    private static async Task RunOneAsync(Stage stage, int number)
    {
        string id = Id(number);
        Container container = await Container.CreateAsync(stage, id, ["/bin/sh", "-c", $"exit {Code(id)}"], new ContainerSettings { Output = number % 4 == 0 });
        Task<uint> exit = container.WaitAsync();
        await container.StartAsync();
        Assert.Equal(Code(id), await exit);
        Assert.Equal(Code(id), await container.DeleteAsync());
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"c{number}");

    private static uint Code(string id) => uint.Parse(id[1..], CultureInfo.InvariantCulture) % 200;
}
