using ShimStack.Drill.Invariants;

namespace ShimStack.Drill.Tests.Invariants;

/// <summary>One lie or fault of a daemon, a shim or a runtime, and the invariant that must catch it.</summary>
/// <param name="Invariant">Its type.</param>
/// <param name="Fault">In words.</param>
/// <param name="Break">Does it.</param>
public sealed record Breaker(Type Invariant, string Fault, Action<object> Break)
{
    internal static Breaker Of<T>(string fault, Action<HonestRecord> lie)
        where T : IInvariant => new(typeof(T), fault, record => lie((HonestRecord)record));

    public override string ToString() => Fault;
}
