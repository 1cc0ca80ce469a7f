using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Task;
using ShimStack.Shim.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// Stats: what the kernel counts of a container, from its creation to its Delete. Only reads, so it waits for no operation on the
/// container. Where the cgroup has gone with the last process, all is 0 but the out-of-memory kills, by which daemons tell why a
/// container ended. Contract chapter 3.20.
/// </summary>
internal sealed class TaskStats(TaskTable tasks)
{
    // A memory.stat of Linux 6 is 3 KB long; what is longer (many CPUs, many disks) gets memory of its own.
    private const int BufferLength = 4096;

    /// <exception cref="RpcException">NotFound: there is no such container, or it has no cgroup.</exception>
    public StatsResponse Stats(StatsRequest request)
    {
        ContainerCgroup cgroup = tasks.Get(request.Id).Cgroup ?? throw RpcException.NotFound("cgroup does not exist");
        Any stats = cgroup.IsUnified
            ? new Any { TypeUrl = TypeUrls.CgroupsV2Metrics, Value = V2(cgroup) }
            : new Any { TypeUrl = TypeUrls.CgroupsV1Metrics, Value = V1(cgroup) };
        return new StatsResponse { Stats = stats };
    }

    private static ByteString V1(ContainerCgroup cgroup) =>
        MetricsV1.Read(cgroup, cgroup.Oom.Seen.Span, stackalloc byte[BufferLength]).ToByteString();

    private static ByteString V2(ContainerCgroup cgroup)
    {
        CgroupFiles files = new(cgroup.Directory, stackalloc byte[BufferLength]);
        try
        {
            return MetricsV2.Read(ref files, cgroup.Oom.Seen.Span).ToByteString();
        }
        finally
        {
            files.Dispose();
        }
    }
}
