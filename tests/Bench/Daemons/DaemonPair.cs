using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Daemons;

/// <summary>shimstackd and the newest containerd, as contenders: what is measured of a contender here is its daemon.</summary>
internal sealed class DaemonPair
{
    private readonly string _program;

    private DaemonPair(string program, IReadOnlyList<Contender> contenders, ShimUnderTest shim)
    {
        _program = program;
        OwnShims = contenders;
        Contenders = [.. contenders.Select(contender => contender with { Shim = shim })];
    }

    /// <summary>Both with our shim.</summary>
    internal IReadOnlyList<Contender> Contenders { get; }

    /// <summary>Each with the shim that it comes with.</summary>
    internal IReadOnlyList<Contender> OwnShims { get; }

    /// <summary>Null if one is not there.</summary>
    internal static DaemonPair? Of(IReadOnlyList<Contender> contenders)
    {
        if (Shimstackd.Program is not { } program || ShimUnderTest.ReferenceOf(DaemonLine.New) is null)
        {
            return null;
        }

        ShimUnderTest shim = contenders.First(contender => contender.Role == Role.Ours).Shim;
        Contender[] both = [.. contenders.Where(contender => contender.Role is Role.Ours or Role.NewReference)];
        return new DaemonPair(program, both, shim);
    }

    /// <summary>The contender's daemon, not started.</summary>
    internal IDaemon Create(Contender contender, string directory, string shims) => contender.Role == Role.Ours
        ? new Shimstackd(_program, directory, shims)
        : new Containerd(DaemonLine.New, directory, shims);

    /// <summary>The contender's daemon, with all that containers need.</summary>
    internal Task<DaemonStage> StartAsync(Contender contender, CancellationToken cancellation) =>
        DaemonStage.StartAsync((directory, shims) => Create(contender, directory, shims), [contender], cancellation);
}
