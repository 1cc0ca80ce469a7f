using ShimStack.Bench.Measuring;

namespace ShimStack.Bench.Tests;

public class TargetTests
{
    private static readonly Metric Size = new("size", "MB");

    [Fact]
    public void ALimitIsMetUntilItIsCrossed()
    {
        var target = new Target(Size, 1.2);
        Assert.Equal(Verdict.Met, target.Judge([Ours(1.2)]));
        Assert.Equal(Verdict.Missed, target.Judge([Ours(1.21)]));
    }

    [Fact]
    public void WhereMoreIsBetterALimitIsMetFromAbove()
    {
        var target = new Target(Size, 0.85, AtLeast: true);
        Assert.Equal(Verdict.Met, target.Judge([Ours(0.85)]));
        Assert.Equal(Verdict.Missed, target.Judge([Ours(0.84)]));
    }

    [Fact]
    public void ARatioIsOfTheMediansOfItsReference()
    {
        Samples[] contenders = [Ours(1, 2, 9), Of("1.6", Role.OldReference, 4), Of("2.1", Role.NewReference, 8, 10, 12)];
        Assert.Equal(0.2, new Target(Size, 0.28, Role.NewReference).Value(contenders));
        Assert.Equal(Verdict.Met, new Target(Size, 0.28, Role.NewReference).Judge(contenders));
        Assert.Equal(Verdict.Missed, new Target(Size, 0.40, Role.OldReference).Judge(contenders));
    }

    [Fact]
    public void WithoutItsReferenceARatioIsNotMeasured() =>
        Assert.Equal(Verdict.NotMeasured, new Target(Size, 0.4, Role.OldReference).Judge([Ours(1), Of("2.1", Role.NewReference, 5)]));

    [Fact]
    public void NothingIsDividedByNothing()
    {
        Assert.Null(Target.Ratio(1, 0));
        Assert.Null(Target.Ratio(1, -3));
        Assert.Null(Target.Ratio(null, 2));
        Assert.Equal(0, Target.Ratio(0, 2));
    }

    [Fact]
    public void ATargetNamesTheReferenceAsTheTableDoes()
    {
        Samples[] contenders = [Ours(1), Of("2.2", Role.NewReference, 5)];
        Assert.Equal("≤ 0.28 × 2.2", new Target(Size, 0.28, Role.NewReference).Text(contenders));
        Assert.Equal("≤ 1.3 MB", new Target(Size, 1.3).Text(contenders));
        Assert.Equal("≥ 0.85 MB", new Target(Size, 0.85, AtLeast: true).Text(contenders));
    }

    [Fact]
    public void EveryTargetIsOfAMetricThatTheReportsHave() => Assert.All(Targets.All, target => Assert.Contains(target.Metric, Metric.OfShims));

    [Fact]
    public void NoTwoMetricsHaveOneName() => Assert.Equal(Metric.OfShims.Count, Metric.OfShims.Select(metric => metric.Name).Distinct().Count());

    [Fact]
    public void WhatTheShimAddsIsItsTimeLessTheMedianOfTheRuntimeAlone()
    {
        Samples ours = new("ours", Role.Ours);
        ours.Add(Metric.Create, 50);
        ours.Add(Metric.Create, 40);
        Samples alone = new("no shim");
        alone.Add(Metric.RuntimeCreate, 38);
        alone.Add(Metric.RuntimeCreate, 36);
        Derived.Add([ours], alone);
        Assert.Equal([13, 3], ours.Of(Metric.CreateAdded));
        Assert.Empty(ours.Of(Metric.ExecStartAdded));
    }

    [Fact]
    public void ThroughputIsSharedByTheBareFifo()
    {
        Samples ours = new("ours", Role.Ours);
        ours.Add(Metric.Throughput, 900);
        Samples alone = new("no shim");
        alone.Add(Metric.BareFifo, 1000);
        Derived.Add([ours], alone);
        Assert.Equal([0.9], ours.Of(Metric.ThroughputShare));
    }

    private static Samples Ours(params double[] values) => Of("ours", Role.Ours, values);

    private static Samples Of(string name, Role role, params double[] values)
    {
        Samples samples = new(name, role);
        foreach (double value in values)
        {
            samples.Add(Size, value);
        }

        return samples;
    }
}
