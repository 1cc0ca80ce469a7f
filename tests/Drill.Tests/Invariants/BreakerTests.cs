using ShimStack.Drill.Invariants;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Tests.Invariants;

/// <summary>The kit checks itself: what is honest passes, and each lie is caught by the invariant that is there for it.</summary>
public sealed class BreakerTests
{
    [Fact]
    public void AFrozenDaemonThatKeepsDescriptorsMayKeepTheEndOfAStream()
    {
        HonestRecord honest = new();
        honest.Ended.Errors.HasEnded = false;
        honest.Record.Promises = Promises.All with { OutlivesShims = true };
        Assert.NotEmpty(new BytesAreAll().Check(honest.Record));
        honest.Record.Daemon.Add(new(HonestRecord.At(6), DaemonState.Frozen));
        Assert.Empty(new BytesAreAll().Check(honest.Record));
    }

    public static TheoryData<int, string> Faults
    {
        get
        {
            TheoryData<int, string> data = [];
            for (int i = 0; i < Breakers.All.Count; i++)
            {
                data.Add(i, $"{Breakers.All[i].Invariant.Name}: {Breakers.All[i].Fault}");
            }

            return data;
        }
    }

    [Fact]
    public void AnHonestRecordHolds()
    {
        HonestRecord honest = new();
        Assert.Equal([], InvariantList.All.SelectMany(invariant => invariant.Check(honest.Record)));
    }

    [Theory, MemberData(nameof(Faults))]
    public void EachFaultIsCaught(int number, string fault)
    {
        HonestRecord honest = new();
        Breaker breaker = Breakers.All[number];
        breaker.Break(honest);
        IInvariant invariant = InvariantList.All.Single(one => one.GetType() == breaker.Invariant);
        Assert.True(invariant.Check(honest.Record).Any(), $"not caught: {fault}");
    }

    [Fact]
    public void EachInvariantHasABreakerAndIsInTheList()
    {
        Type[] invariants = [.. typeof(IInvariant).Assembly.GetTypes()
            .Where(type => type is { IsInterface: false } && type.IsAssignableTo(typeof(IInvariant)))];
        Assert.NotEmpty(invariants);
        Assert.Equivalent(invariants, InvariantList.All.Select(invariant => invariant.GetType()), strict: true);
        Assert.Equal([], invariants.Except(Breakers.All.Select(breaker => breaker.Invariant)));
        Assert.Distinct(InvariantList.All.Select(invariant => invariant.Name));
    }

    [Fact]
    public void AContainerWhoseShimDiedMayLoseItsOutputButNotItsCode()
    {
        HonestRecord honest = new();
        honest.Killed.IsOrphan = true;
        honest.Killed.Output.Lines = 1;
        honest.Killed.Waits.ForEach(wait => wait.Answers.Clear());
        Assert.Equal([], InvariantList.All.SelectMany(invariant => invariant.Check(honest.Record)));
        honest.Killed.Events[0] = honest.Killed.Events[0] with { Code = 0 };
        Assert.Single(InvariantList.All.SelectMany(invariant => invariant.Check(honest.Record)));
    }

    [Fact]
    public void APauseIsNoBlock()
    {
        HonestRecord honest = new();
        long last = honest.Running.Output.Beats.Last;
        honest.Running.Output.Beats.Add(last + 3_000_000_000);
        honest.Running.Pauses.Add(new(last + 1, last + 2_900_000_000));
        Assert.Equal([], InvariantList.All.SelectMany(invariant => invariant.Check(honest.Record)));
    }

    [Fact]
    public void WhatADaemonThatIsAwayCannotTellIsNotAskedFor()
    {
        HonestRecord honest = new();
        honest.Record.Daemon.Add(new(HonestRecord.At(9), DaemonState.Down));
        honest.Ended.Waits[0].Answers.Clear();
        honest.Exec.Events.Clear();
        Assert.Equal([], InvariantList.All.SelectMany(invariant => invariant.Check(honest.Record)));
    }
}
