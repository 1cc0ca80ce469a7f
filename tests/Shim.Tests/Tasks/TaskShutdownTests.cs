using Microsoft.Extensions.Time.Testing;
using ShimStack.Api.Runc;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Tasks;
using ShimStack.Shim.Tests.State;

namespace ShimStack.Shim.Tests.Tasks;

/// <summary>When a shim ends: asked while it is empty, or by itself after it was asked too early.</summary>
public class TaskShutdownTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskTable _tasks = new();
    private readonly TaskShutdown _shutdown;
    private int _ends;

    public TaskShutdownTests() => _shutdown = new TaskShutdown(_tasks, _time, () => _ends++);

    [Fact]
    public void AnEmptyShimEndsWhenItIsAsked()
    {
        _shutdown.Ask();
        Assert.Equal(1, _ends);
    }

    [Fact]
    public void AShimThatWasNeverAskedStaysWithoutContainers()
    {
        _tasks.Remove(Added("c1"));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _ends);
    }

    [Fact]
    public void AShimWithContainersRefusesAndEndsSomeTimeAfterTheLastOfThem()
    {
        ContainerTask first = Added("c1");
        ContainerTask second = Added("c2");
        _shutdown.Ask();
        _tasks.Remove(first);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _ends);

        _tasks.Remove(second);
        _time.Advance(TaskShutdown.Patience - TimeSpan.FromSeconds(1));
        Assert.Equal(0, _ends);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _ends);
    }

    [Fact]
    public void AShimThatIsAskedWhileItsOnlyCreateFailsEndsWithIt()
    {
        using (_tasks.Reserve("c1"))
        {
            _shutdown.Ask();
            Assert.Equal(0, _ends);
        }

        Assert.Equal(1, _ends);
    }

    [Fact]
    public void AContainerThatComesInTimeKeepsTheShim()
    {
        ContainerTask first = Added("c1");
        _shutdown.Ask();
        _tasks.Remove(first);
        _time.Advance(TaskShutdown.Patience / 2);
        ContainerTask second = Added("c2");
        _time.Advance(TaskShutdown.Patience);
        Assert.Equal(0, _ends);

        _tasks.Remove(second);
        _time.Advance(TaskShutdown.Patience);
        Assert.Equal(1, _ends);
    }

    [Fact]
    public void AContainerThatIsBeingCreatedKeepsTheShim()
    {
        ContainerTask first = Added("c1");
        _shutdown.Ask();
        TaskTable.Reservation creation = _tasks.Reserve("c2");
        _tasks.Remove(first);
        _time.Advance(TaskShutdown.Patience);
        Assert.Equal(0, _ends);

        // The creation has failed.
        creation.Dispose();
        _time.Advance(TaskShutdown.Patience);
        Assert.Equal(1, _ends);
    }

    private ContainerTask Added(string id)
    {
        ContainerTask task = new(id, "/nowhere", new Options(), new ScriptedRuntime(), new TaskProcess(id, new StdioPaths("", "", "", false)));
        _tasks.Add(task);
        return task;
    }
}
