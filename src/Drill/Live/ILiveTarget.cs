using ShimStack.Drill.Targets;

namespace ShimStack.Drill.Live;

/// <summary>A daemon of the machine as a target: nothing of it is the drill's but containers.</summary>
internal interface ILiveTarget : ITarget
{
    /// <summary>By the daemon: every container of this drill, and what they needed. What is gone already is fine.</summary>
    Task RemoveAllAsync(CancellationToken stop);
}
