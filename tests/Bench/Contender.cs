using System.Text.RegularExpressions;
using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench;

/// <summary>A shim and what was measured of it.</summary>
internal sealed record Contender(ShimUnderTest Shim, Samples Samples)
{
    internal Role Role => Samples.Role;

    internal string Name => Samples.Contender;

    /// <summary>Ours first, and Debian's of the oldest and of the newest line, called by their version, as far as they are there.</summary>
    internal static async Task<IReadOnlyList<Contender>> FindAsync(BenchOptions options, CancellationToken cancellation)
    {
        ShimUnderTest ours = options.Ours is { } path
            ? new ShimUnderTest("ours", path)
            : ShimUnderTest.Ours ?? throw new FileNotFoundException("out/bin has no shim: ./build.sh build");
        return
        [
            .. Of(ours, Role.Ours),
            .. options.FurtherShims.Select(shim => Of(shim, Role.Other).Single()),
            .. Of(await NamedAsync(ShimUnderTest.ReferenceOf(DaemonLine.Old), cancellation), Role.OldReference),
            .. Of(await NamedAsync(ShimUnderTest.ReferenceOf(DaemonLine.New), cancellation), Role.NewReference),
        ];
    }

    private static IEnumerable<Contender> Of(ShimUnderTest? shim, Role role) =>
        shim is null ? [] : [new Contender(shim, new Samples(shim.Name, role))];

    private static async Task<ShimUnderTest?> NamedAsync(ShimUnderTest? shim, CancellationToken cancellation)
    {
        if (shim is null)
        {
            return null;
        }

        Match version = Regex.Match(await shim.VersionAsync(cancellation), @"Version: (\d+\.\d+)");
        return version.Success ? shim with { Name = version.Groups[1].Value } : shim;
    }
}
