using ShimStack.Native.Polling;
using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Tests.Loop;

public class EventLoopTests
{
    [Fact]
    public void WhatABlockingCallBringsIsSeenOnTheLoopsThread() => LoopTest.Run(async loop =>
    {
        int there = await BlockingCall.RunAsync(() => Environment.CurrentManagedThreadId).WithTimeout(loop);
        Assert.NotEqual(Environment.CurrentManagedThreadId, there);
        Assert.True(loop.IsCurrent);
    });

    [Fact]
    public void AFailedBlockingCallThrowsWhereItIsAwaited() => LoopTest.Run(async loop =>
    {
        await Assert.ThrowsAsync<InvalidDataException>(
            () => BlockingCall.RunAsync(() => throw new InvalidDataException("bad")).WithTimeout(loop));
        Assert.True(loop.IsCurrent);
    });

    [Fact]
    public void ACallbackThatQueuesItselfForEverDoesNotStarveDescriptors() => LoopTest.Run(async loop =>
    {
        bool done = false;
        SendOrPostCallback again = null!;
        again = _ =>
        {
            if (!done)
            {
                loop.Post(again, null);
            }
        };
        loop.Post(again, null);
        EventDescriptor signal = EventDescriptor.Create();
        Counter counter = new();
        ulong tag = loop.Register(signal.Descriptor, EpollEvents.EPOLLIN, counter);
        signal.Signal();
        await counter.Called.Task.WithTimeout(loop);
        done = true;
        loop.Forget(signal.Descriptor, tag);
        signal.Dispose();
    });

    [Fact]
    public void AnEventThatWasFetchedBeforeItsDescriptorWentAwayIsDropped() => LoopTest.Run(async loop =>
    {
        EventDescriptor[] signals = [EventDescriptor.Create(), EventDescriptor.Create()];
        ulong[] tags = new ulong[2];
        Counter[] counters = [new(), new()];
        for (int i = 0; i < 2; i++)
        {
            int other = 1 - i;
            counters[i].Then = () => loop.Forget(signals[other].Descriptor, tags[other]);
            tags[i] = loop.Register(signals[i].Descriptor, EpollEvents.EPOLLIN, counters[i]);
            signals[i].Signal();
        }

        await Task.WhenAny(counters[0].Called.Task, counters[1].Called.Task).WithTimeout(loop);
        await LoopTest.TurnAsync();
        Assert.Equal(1, counters[0].Count + counters[1].Count);
        Array.ForEach(signals, static signal => signal.Dispose());
    });

    [Fact]
    public void TheFailureOfBackgroundWorkIsTold() => LoopTest.Run(async loop =>
    {
        Background background = new(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        background.Run("good", static () => Task.CompletedTask);
        Assert.False(background.Failed.IsCompleted);
        background.Run("bad", static () => throw new InvalidDataException("bad"));
        Assert.IsType<InvalidDataException>(await background.Failed.WithTimeout(loop));
    });

    private sealed class Counter : IReadiness
    {
        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Count { get; private set; }

        public Action? Then { get; set; }

        public void OnReady(EpollEvents events)
        {
            Count++;
            Then?.Invoke();
            Called.TrySetResult();
        }
    }
}
