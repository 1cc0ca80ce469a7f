using ShimStack.Shim.Tasks;
using ShimStack.Shim.Tests.Loop;

namespace ShimStack.Shim.Tests.Tasks;

public class ProcessGateTests
{
    private readonly ProcessGate _gate = new();

    [Fact]
    public void OperationsHaveTheirTurnsInTheOrderOfArrival() => LoopTest.Run(async loop =>
    {
        List<int> order = [];
        ProcessGate.Turn first = await _gate.EnterAsync("Kill", CancellationToken.None);
        Task[] others = [EnterAsync(1), EnterAsync(2), EnterAsync(3)];
        await LoopTest.TurnAsync();
        Assert.Empty(order);
        first.Dispose();
        await Task.WhenAll(others).WithTimeout(loop);
        Assert.Equal([1, 2, 3], order);
        Assert.False(_gate.IsHeld);

        async Task EnterAsync(int number)
        {
            using ProcessGate.Turn turn = await _gate.EnterAsync("Kill", CancellationToken.None);
            await Task.Yield();
            order.Add(number);
        }
    });

    [Fact]
    public void WhoeverComesWhileTheGateChangesHandsWaits() => LoopTest.Run(async loop =>
    {
        ProcessGate.Turn first = await _gate.EnterAsync("Kill", CancellationToken.None);
        Task<ProcessGate.Turn> second = _gate.EnterAsync("Kill", CancellationToken.None).AsTask();
        first.Dispose();
        Task<ProcessGate.Turn> third = _gate.EnterAsync("Kill", CancellationToken.None).AsTask();
        ProcessGate.Turn turn = await second.WithTimeout(loop);
        Assert.False(third.IsCompleted);
        turn.Dispose();
        (await third.WithTimeout(loop)).Dispose();
        Assert.False(_gate.IsHeld);
    });

    [Fact]
    public void WhoeverGivesUpWaitingIsPassedOver() => LoopTest.Run(async loop =>
    {
        using CancellationTokenSource gone = new();
        ProcessGate.Turn first = await _gate.EnterAsync("Kill", CancellationToken.None);
        Task<ProcessGate.Turn> second = _gate.EnterAsync("Kill", gone.Token).AsTask();
        Task<ProcessGate.Turn> third = _gate.EnterAsync("Kill", CancellationToken.None).AsTask();
        gone.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WithTimeout(loop));
        first.Dispose();
        (await third.WithTimeout(loop)).Dispose();
        Assert.False(_gate.IsHeld);
    });

    [Fact]
    public void ATurnThatWasGivenIsNotLostToALateCancellation() => LoopTest.Run(async loop =>
    {
        using CancellationTokenSource late = new();
        ProcessGate.Turn first = await _gate.EnterAsync("Kill", CancellationToken.None);
        Task<ProcessGate.Turn> second = _gate.EnterAsync("Kill", late.Token).AsTask();
        first.Dispose();
        late.Cancel();
        (await second.WithTimeout(loop)).Dispose();
        Assert.False(_gate.IsHeld);
    });

    [Fact]
    public void WhoeverHasGivenUpBeforeDoesNotQueue() => LoopTest.Run(async loop =>
    {
        ProcessGate.Turn first = await _gate.EnterAsync("Kill", CancellationToken.None);
        Task<ProcessGate.Turn> second = _gate.EnterAsync("Kill", new CancellationToken(canceled: true)).AsTask();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WithTimeout(loop));
        first.Dispose();
        Assert.False(_gate.IsHeld);
    });
}
