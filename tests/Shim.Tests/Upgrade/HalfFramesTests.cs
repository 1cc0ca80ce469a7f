using ShimStack.Shim.State;
using ShimStack.Shim.Tests.State;

namespace ShimStack.Shim.Tests.Upgrade;

/// <summary>A connection is handed over in the middle of a frame, wherever that is, and its client does not notice.</summary>
public class HalfFramesTests
{
    [Fact]
    public void ARequestMayBeCutBehindEachOfItsBytes() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        using RawClient client = new(shim);
        foreach (byte one in (byte[])[.. RawClient.StateRequest(1, "c1"), .. RawClient.StateRequest(3, "c1")])
        {
            Assert.Equal(1, client.Send([one]));
            await task.StateAsync(); // the byte before it has been read
            await shim.HandOverAsync();
        }

        Assert.Equal([1u, 3u], await client.AnswersAsync(2));
    });

    [Fact]
    public void AnswersThatNobodyReadsAreHandedOnFromTheByteOn() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        using RawClient client = new(shim);
        uint sent = 0;
        for (bool isFull = false; !isFull && sent < 20_000; sent++)
        {
            isFull = client.Send(RawClient.StateRequest((sent * 2) + 1, "c1")) == 0;
            if (sent % 100 == 0)
            {
                await task.StateAsync();
            }

            if (sent % 1000 == 0)
            {
                await shim.HandOverAsync();
            }
        }

        ShimRecord record = await shim.HandOverAsync();
        Assert.Contains(record.Connections, static connection => connection.HalfWritten.Length > 0);
        await shim.HandOverAsync();
        IReadOnlyList<uint> answers = await client.AnswersAsync((int)sent - 1);
        Assert.Equal(Enumerable.Range(0, answers.Count).Select(static i => (uint)((i * 2) + 1)), answers);
    });

    [Fact]
    public void WhatIsToldAndNotTakenOverHasChangedNothing() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        await task.StartAsync();
        Task<Api.Task.WaitResponse> wait = task.WaitAsync();
        await task.StateAsync();

        Inheritance left = new();
        ShimRecord first = await shim.PutDownAsync(left);
        ShimRecord second = await shim.PutDownAsync(new Inheritance());

        Assert.Equal(first, second);
        Assert.Equal(left.Descriptors.Select(static descriptor => (uint)descriptor.Number), first.Descriptors);
        Assert.All(left.Descriptors, static descriptor => Assert.False(descriptor.IsClosed || descriptor.IsInvalid));
        shim.End(task.Pid, 42);
        Assert.Equal(42u, (await wait).ExitStatus);
    });

    [Fact]
    public void RequestsAreHeldAndServedAfterwards() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        shim.Parts.Listener.Hold();
        using RawClient late = new(shim); // it waits in the backlog
        late.Send(RawClient.StateRequest(1, "c1"));
        Task<Api.Task.StateResponse> state = task.StateAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(50), shim.Loop.Timers, TestContext.Current.CancellationToken);
        Assert.False(state.IsCompleted);

        await shim.HandOverAsync(); // the other build holds nothing

        Assert.Equal(Api.Types.Status.Created, (await state).Status);
        Assert.Equal([1u], await late.AnswersAsync(1));
    });
}
