using System.Text;
using ShimStack.Shim.Cgroups;

namespace ShimStack.Shim.Tests.Cgroups;

/// <summary>The forms of text in cgroup files.</summary>
public class CgroupTextTests
{
    [Theory]
    [InlineData("0\n", 0)]
    [InlineData("4096", 4096)]
    [InlineData("18446744073709551615\n", ulong.MaxValue)]
    [InlineData("18446744073709551616\n", 0)]
    [InlineData("max\n", ulong.MaxValue)]
    [InlineData("-1\n", 0)]
    [InlineData("", 0)]
    [InlineData("x", 0)]
    public void ANumberIsReadAsTheKernelWritesIt(string text, ulong value) =>
        Assert.Equal(value, KernelNumber.Parse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("0.00", 0)]
    [InlineData("98.02 avg60", 98.02)]
    [InlineData("0.07", 0.07)]
    [InlineData("100.00", 100)]
    [InlineData("5", 5)]
    [InlineData("", 0)]
    [InlineData("x.10", 0)]
    public void ADecimalIsTheNearestDouble(string text, double value) =>
        Assert.Equal(value, KernelNumber.ParseHundredths(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void KeysAreFoundInAnyOrder()
    {
        FlatKeys keys = new("oom 1\noom_kill 2\nmax 3\nlast 4"u8);
        Assert.Equal((4ul, 1ul, 2ul, 3ul, 1ul), (keys["last"u8], keys["oom"u8], keys["oom_kill"u8], keys["max"u8], keys["oom"u8]));
        Assert.Equal((0ul, false, true), (keys["oom_"u8], keys.Has("kill"u8), keys.Has("max"u8)));
    }

    [Theory]
    [InlineData("hugepages-2048kB", "2MB")]
    [InlineData("hugepages-1048576kB", "1GB")]
    [InlineData("hugepages-64kB", "64KB")]
    [InlineData("hugepages-16777216kB", "16GB")]
    [InlineData("hugepages-2048MB", null)]
    [InlineData("other", null)]
    [InlineData("hugepages-kB", null)]
    public void ASizeOfHugePagesIsSpelledAsInCgroups(string folder, string? name) => Assert.Equal(name, HugePageSize.NameOf(folder));
}
