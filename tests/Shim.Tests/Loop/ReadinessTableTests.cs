using ShimStack.Native.Polling;
using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Tests.Loop;

public class ReadinessTableTests
{
    private readonly ReadinessTable _table = new();

    [Fact]
    public void AHandlerIsFoundByItsTag()
    {
        Handler first = new();
        Handler second = new();
        ulong a = _table.Add(first);
        ulong b = _table.Add(second);

        Assert.Same(first, _table.Find(a));
        Assert.Same(second, _table.Find(b));
    }

    [Fact]
    public void AnEventOfAFormerOwnerNeverReachesTheNextOneOfItsSlot()
    {
        ulong old = _table.Add(new Handler());
        _table.Remove(old);
        Assert.Null(_table.Find(old));

        Handler next = new();
        ulong tag = _table.Add(next);

        Assert.Null(_table.Find(old));
        Assert.Same(next, _table.Find(tag));
    }

    [Fact]
    public void ASecondRemoveDoesNotTouchTheNextOwner()
    {
        ulong old = _table.Add(new Handler());
        _table.Remove(old);
        Handler next = new();
        ulong tag = _table.Add(next);

        _table.Remove(old);

        Assert.Same(next, _table.Find(tag));
        Assert.NotEqual(tag, _table.Add(new Handler()));
    }

    private sealed class Handler : IReadiness
    {
        public void OnReady(EpollEvents events)
        {
        }
    }
}
