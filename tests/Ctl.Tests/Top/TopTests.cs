using ShimStack.Api.Daemon;
using ShimStack.Api.Types;
using ShimStack.Ctl.Containers;
using ShimStack.Ctl.Output;
using ShimStack.Ctl.Tests.Kernel;
using ShimStack.Ctl.Top;

namespace ShimStack.Ctl.Tests.Top;

public sealed class TopTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void ProcessorTimeIsTheDifferenceOfTwoReadings()
    {
        IReadOnlyList<TopRow> rows = Rows(Reading(0, ("calm", 10), ("busy", 1)), Reading(2, ("calm", 10.5), ("busy", 4)));
        Assert.Equal([("busy", 1.5), ("calm", 0.25)], rows.Select(row => (row.Line.Container.Id, row.Processors!.Value)));
    }

    [Fact]
    public void OfTheFirstReadingAndOfANewTaskNothingIsSaid()
    {
        Assert.Null(Assert.Single(Rows(null, Reading(0, ("a", 10)))).Processors);
        Assert.Null(Assert.Single(Rows(Reading(0, ("a", 10)), Reading(1, ("a", 0.5)))).Processors);
        Assert.Null(Assert.Single(Rows(Reading(0, ("b", 10)), Reading(1, ("a", 0.5)))).Processors);
    }

    [Fact]
    public void TheTableHasWhatIsKnown()
    {
        TopReading reading = Reading(0, ("a", 10)) with { Usages = new Dictionary<string, Usage>() };
        string[] lines = TopTable.Of(Rows(null, reading), Now).ToText(width: null, colours: false).Split('\n');
        Assert.Matches("^ID +STATE +CPU +MEMORY +LIMIT +PIDS +READ +WRITTEN +RESTARTS +UP$", lines[0]);
        Assert.Matches("^a +running +- +- +- +- +- +- +3 +-$", lines[1]);
    }

    [Fact]
    public void LinesForARawTerminalGoBackToItsFirstColumn()
    {
        using TemporaryFile file = new();
        using (RawLines lines = new(file.Descriptor))
        {
            lines.Write("a\nb\n\nc"u8);
        }

        Assert.Equal("a\r\nb\r\n\r\nc", file.Text);
    }

    private static IReadOnlyList<TopRow> Rows(TopReading? before, TopReading now)
    {
        using KernelTree tree = new();
        return TopRow.Between(before, now, tree.Files);
    }

    private static TopReading Reading(double seconds, params (string Id, double Processor)[] containers) => new(
        Now.AddSeconds(seconds),
        [.. containers.Select(container => new ContainerLine(
            new Container { Id = container.Id, Labels = { ["containerd.io/restart.count"] = "3" } }, new Process { Id = container.Id, Pid = 7, Status = Status.Running }))],
        containers.ToDictionary(container => container.Id, container => new Usage(container.Id, TimeSpan.FromSeconds(container.Processor), 5, null, 1)));
}
