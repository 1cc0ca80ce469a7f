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
    /// <exception cref="RpcException">NotFound: there is no such container, or it has no cgroup.</exception>
    public StatsResponse Stats(StatsRequest request)
    {
        ContainerCgroup cgroup = tasks.Get(request.Id).Cgroup ?? throw RpcException.NotFound("cgroup does not exist");
        Any stats = cgroup.IsUnified
            ? new Any { TypeUrl = TypeUrls.CgroupsV2Metrics, Value = MetricsV2.Read(cgroup) }
            : new Any { TypeUrl = TypeUrls.CgroupsV1Metrics, Value = MetricsV1.Read(cgroup) };
        return new StatsResponse { Stats = stats };
    }
}
