using ShimStack.Shim.Cgroups;
using V1 = ShimStack.Api.CgroupsV1;
using V2 = ShimStack.Api.CgroupsV2;

namespace ShimStack.Shim.Tests.Cgroups;

/// <summary>From the kernel's files to containerd's messages.</summary>
public class MetricsTests
{
    [Fact]
    public void EveryFieldOfVersion2ComesFromItsFile()
    {
        using RecordedCgroup recorded = RecordedCgroup.V2();
        V2.Metrics metrics = ReadV2(recorded.Cgroup);
        metrics.Hugetlb.Clear(); // one for each size of the machine
        Assert.Equal(recorded.Expected<V2.Metrics>(), metrics);
    }

    [Fact]
    public void EveryFieldOfVersion1ComesFromItsFile()
    {
        using RecordedCgroup recorded = RecordedCgroup.V1();
        V1.Metrics metrics = ReadV1(recorded.Cgroup);
        bool isThisMachines = File.ReadAllText("/proc/partitions").Contains(" 254        0 ", StringComparison.Ordinal);
        foreach (V1.BlkIOEntry entry in metrics.Blkio.IoServiceBytesRecursive.Concat(metrics.Blkio.IoServicedRecursive))
        {
            Assert.Equal(isThisMachines, entry.Device.StartsWith("/dev/", StringComparison.Ordinal));
            entry.Device = string.Empty;
        }

        Assert.Equal(recorded.Expected<V1.Metrics>(), metrics);
    }

    [Fact]
    public void HugePagesAreCountedForEachSizeOfTheMachine()
    {
        Assert.SkipWhen(HugePageSize.All.Count == 0, "no huge pages");
        using RecordedCgroup recorded = RecordedCgroup.V2();
        string size = HugePageSize.All[0].Name;
        recorded.Folder.Write($"hugetlb.{size}.current", "1\n");
        recorded.Folder.Write($"hugetlb.{size}.max", "max\n");
        recorded.Folder.Write($"hugetlb.{size}.events", "max 3\n");
        V2.Metrics metrics = ReadV2(recorded.Cgroup);
        Assert.Equal(HugePageSize.All.Count, metrics.Hugetlb.Count);
        Assert.Equal(new V2.HugeTlbStat { Current = 1, Max = ulong.MaxValue, Failcnt = 3, Pagesize = size }, metrics.Hugetlb[0]);

        recorded.Folder.Make("hugetlb");
        recorded.Folder.Write($"hugetlb/hugetlb.{size}.usage_in_bytes", "4\n");
        recorded.Folder.Write($"hugetlb/hugetlb.{size}.max_usage_in_bytes", "5\n");
        recorded.Folder.Write($"hugetlb/hugetlb.{size}.failcnt", "6\n");
        V1.Metrics old = ReadV1(ContainerCgroup.Split(("hugetlb", recorded.Folder["hugetlb"])));
        Assert.Equal(new V1.HugetlbStat { Usage = 4, Max = 5, Failcnt = 6, Pagesize = size }, old.Hugetlb[0]);
    }

    [Fact]
    public void TheOlderSchedulersCountOfBlockIoComesFirst()
    {
        using RecordedCgroup recorded = RecordedCgroup.V1();
        recorded.Folder.Write("blkio/blkio.io_serviced_recursive", "8:0 Read 5\n8:0 Total 5\nTotal 5\n");
        recorded.Folder.Write("blkio/blkio.sectors_recursive", "8:0 64\n");
        V1.BlkIOStat blkio = ReadV1(recorded.Cgroup).Blkio;
        Assert.Equal(
            [("Read", 8ul, 0ul, 5ul), ("Total", 8ul, 0ul, 5ul)],
            blkio.IoServicedRecursive.Select(e => (e.Op, e.Major, e.Minor, e.Value)));
        Assert.Equal([("", 8ul, 0ul, 64ul)], blkio.SectorsRecursive.Select(e => (e.Op, e.Major, e.Minor, e.Value)));
        Assert.Empty(blkio.IoServiceBytesRecursive);
    }

    [Theory]
    [InlineData(8, 0, "sda")]
    [InlineData(253, 1, "dm-1")]
    [InlineData(8, 1, "")]
    [InlineData(0, 0, "")]
    public void DevicesHaveTheNamesOfProcPartitions(ulong major, ulong minor, string name) => Assert.Equal(
        name,
        System.Text.Encoding.ASCII.GetString(BlkioV1.NameOf(
            (major, minor), "major minor  #blocks  name\n\n   8        0  268435456 sda\n 253        1       1024 dm-1\n"u8)));

    [Fact]
    public void NoLimitOfProcessesIsZeroInVersion1AndTheLargestNumberInVersion2()
    {
        using TemporaryDirectory folder = new();
        folder.Write("pids.max", "max\n");
        Assert.Equal(0ul, ReadV1(ContainerCgroup.Split(("pids", folder.Path))).Pids.Limit);
        Assert.Equal(ulong.MaxValue, ReadV2(ContainerCgroup.Unified(folder.Path)).Pids.Limit);
    }

    [Fact]
    public void RdmaIsThereInVersion1WhereTheControllerIs()
    {
        using TemporaryDirectory folder = new();
        folder.Write("rdma.current", "mlx4_0 hca_handle=2 hca_object=2000\n");
        folder.Write("rdma.max", "mlx4_0 hca_handle=max hca_object=3000\n");
        V1.RdmaStat rdma = ReadV1(ContainerCgroup.Split(("rdma", folder.Path))).Rdma;
        Assert.Equal(new V1.RdmaEntry { Device = "mlx4_0", HcaHandles = 2, HcaObjects = 2000 }, Assert.Single(rdma.Current));
        Assert.Equal(new V1.RdmaEntry { Device = "mlx4_0", HcaHandles = uint.MaxValue, HcaObjects = 3000 }, Assert.Single(rdma.Limit));
    }

    [Fact]
    public void ACgroupThatHasGoneIsAllZero()
    {
        V2.Metrics metrics = ReadV2(ContainerCgroup.Unified("/sys/fs/cgroup/no/such"));
        Assert.All(metrics.Hugetlb, page => Assert.Equal((0ul, 0ul), (page.Current, page.Max)));
        metrics.Hugetlb.Clear();
        V2.Metrics zero = new()
        {
            Pids = new V2.PidsStat(),
            Cpu = new V2.CPUStat(),
            Memory = new V2.MemoryStat(),
            Rdma = new V2.RdmaStat(),
            Io = new V2.IOStat(),
        };
        Assert.Equal(zero, metrics);

        V1.Metrics old = ReadV1(ContainerCgroup.Split(("memory", "/no/m"), ("pids", "/no/p"), ("blkio", "/no/b"), ("cpu", "/no/c")));
        Assert.Equal(new V1.Metrics { Cpu = new V1.CPUStat { Usage = new V1.CPUUsage(), Throttling = new V1.Throttle() } }, old);
    }

    [Fact]
    public void WhatTheLastLookSawOfOutOfMemoryKillsOutlivesTheCgroup()
    {
        using TemporaryDirectory folder = new();
        ContainerCgroup cgroup = ContainerCgroup.Unified(folder.Make("v2"));
        folder.Write("v2/memory.events", "low 0\nhigh 0\nmax 9\noom 2\noom_kill 1\n");
        cgroup.Oom.Look();
        Directory.Delete(cgroup.Directory, recursive: true);
        V2.Metrics metrics = ReadV2(cgroup);
        Assert.Equal(new V2.MemoryEvents { Max = 9, Oom = 2, OomKill = 1 }, metrics.MemoryEvents);

        ContainerCgroup old = ContainerCgroup.Split(("memory", folder.Make("v1")));
        folder.Write("v1/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
        old.Oom.Look();
        Directory.Delete(old.Directory, recursive: true);
        V1.Metrics oldMetrics = ReadV1(old);
        Assert.Equal(new V1.MemoryOomControl { OomKill = 3 }, oldMetrics.MemoryOomControl);
        Assert.Null(oldMetrics.Memory);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\n")]
    [InlineData("garbage")]
    [InlineData("8:0\n:\n8:\n:0 x=1\n8:0 rbytes= wbytes=x rios=-1 wios=99999999999999999999999\n")]
    [InlineData("anon\nanon \nanon -5\nsome\nsome avg10= total=\nfull avg10=x.yz avg60=1 avg300=1.2 total=1e9\n")]
    [InlineData("\0\0\u0001 \u00ff 18446744073709551616")]
    public void GarbageIsNoReasonToFail(string text)
    {
        using RecordedCgroup old = RecordedCgroup.V1();
        using RecordedCgroup recorded = RecordedCgroup.V2();
        string[] files = Directory.GetFiles(old.Folder.Path, "*", SearchOption.AllDirectories);
        foreach (string file in files.Concat(Directory.GetFiles(recorded.Folder.Path)))
        {
            File.WriteAllText(file, text);
        }

        Assert.Equal((0ul, 0ul), (ReadV2(recorded.Cgroup).Memory.Anon, ReadV1(old.Cgroup).Memory.Cache));
    }

    [Fact]
    public void AFileThatIsLongerThanTheBufferIsReadToItsEnd()
    {
        using TemporaryDirectory folder = new();
        folder.Write("io.stat", string.Concat(Enumerable.Range(0, 1000).Select(i => $"8:{i} rbytes={i} wbytes=0 rios=0 wios=0\n")));
        V2.Metrics metrics = ReadV2(ContainerCgroup.Unified(folder.Path));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (ulong)i), metrics.Io.Usage.Select(entry => entry.Rbytes));
    }

    [Fact]
    public void StatsMakesGarbageForTheAnswerAndNotForTheLines()
    {
        using RecordedCgroup v2 = RecordedCgroup.V2();
        using RecordedCgroup v1 = RecordedCgroup.V1();
        ContainerCgroup unified = v2.Cgroup;
        ContainerCgroup split = v1.Cgroup;
        Assert.InRange(AllocatedBy(() => MetricsV2.Read(unified)), 1, 1024);
        Assert.InRange(AllocatedBy(() => MetricsV1.Read(split)), 1, 2048);
    }

    private static long AllocatedBy(Action read)
    {
        read();
        long before = GC.GetAllocatedBytesForCurrentThread();
        read();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static V1.Metrics ReadV1(ContainerCgroup cgroup) => V1.Metrics.Parser.ParseFrom(MetricsV1.Read(cgroup));

    private static V2.Metrics ReadV2(ContainerCgroup cgroup) => V2.Metrics.Parser.ParseFrom(MetricsV2.Read(cgroup));
}
