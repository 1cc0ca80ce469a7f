namespace ShimStack.Drill.Invariants;

/// <summary>All of them, in the order of reports.</summary>
public static class InvariantList
{
    public static IReadOnlyList<IInvariant> All { get; } =
    [
        new SameProcess(), new DaemonKnows(), new WaitsAreAnswered(), new ExitsAreAnnounced(), new CodesAreTrue(), new TimesAreTrue(),
        new BytesAreRight(), new BytesAreAll(),
        new NobodyIsBlocked(), new ApiComesBack(), new NothingIsStuck(), new NothingIsLeft(),
    ];
}
