using CsCheck;
using ShimStack.Bench.Measuring;

namespace ShimStack.Bench.Tests;

public class StatisticsTests
{
    private static readonly Gen<double[]> SomeValues = Gen.Double[-1e6, 1e6].Array[1, 50];

    [Fact]
    public void MedianOfAnOddNumberIsTheMiddleValue() => Assert.Equal(3, Statistics.Median([9, 1, 3]));

    [Fact]
    public void MedianOfAnEvenNumberIsTheMeanOfTheMiddleValues() => Assert.Equal(2.5, Statistics.Median([4, 1, 3, 2]));

    [Fact]
    public void PercentileIsTheNearestRank()
    {
        double[] oneToTwenty = [.. Enumerable.Range(1, 20).Select(i => (double)i)];
        Assert.Equal(19, Statistics.Percentile(oneToTwenty, 0.95));
        Assert.Equal(20, Statistics.Percentile(oneToTwenty, 0.96));
        Assert.Equal(20, Statistics.Percentile(oneToTwenty, 1));
    }

    [Fact]
    public void PercentileOfOneValueIsThatValue() => Assert.Equal(7, Statistics.Percentile([7], 0.95));

    [Fact]
    public void PercentileIsAlwaysOneOfTheValuesAndNotBelowTheMedian() => SomeValues.Sample(values =>
    {
        double p95 = Statistics.Percentile(values, 0.95);
        return values.Contains(p95) && p95 >= Statistics.Median(values);
    });

    [Fact]
    public void NoValuesHaveNoMedian() => Assert.Throws<ArgumentException>(() => Statistics.Median([]));
}
