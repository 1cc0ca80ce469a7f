using System.Xml.Linq;
using ShimStack.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Compatibility;

/// <summary>A table that cannot fail says nothing: a few of its features, asked of a shim that is broken on purpose.</summary>
public sealed class BrokenShimTests
{
    private static readonly string[] Broken = ["output and exit code", "pause and resume", "update of limits"];
    private static readonly string[] Sound = ["ctr tasks ps"];

    [Fact]
    public async Task TheTableOfABrokenShimShowsWhatIsBroken()
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "the broken shim is ours");
        DaemonLine.Require(DaemonLine.Debian12);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("shimstack-broken-");
        try
        {
            Table table = await RunAsync(folder.FullName);
            Assert.All(Broken, feature => Assert.Equal(Verdict.Fails, table[feature, "1.6"].Verdict));
            Assert.All(Sound, feature => Assert.Equal(Verdict.Works, table[feature, "1.6"].Verdict));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>These tests once more, as a program of its own.</summary>
    private static async Task<Table> RunAsync(string folder)
    {
        // Only one daemon's results count: the point is the faults, not the daemons.
        string features = string.Join(' ', Broken.Concat(Sound).Select(feature => $"--filter-trait '{FeatureAttribute.Trait}={feature}'"));
        string query = $"--filter-display-name '*: \"{DaemonLine.Debian12}\"*' {features}";
        string report = Path.Combine(folder, "broken.xml");
        string reports = $"--results-directory {folder} --report-xunit-xml --report-xunit-xml-filename {Path.GetFileName(report)}";
        string program = Environment.ProcessPath!;
        CommandResult run = await Command.RunAsync("/bin/sh",
            ["-c", $"{BrokenShim.Variable}=1 exec {program} --no-ansi --progress off {query} {reports}"]);
        Assert.True(File.Exists(report), run.Output + run.Error);
        IReadOnlyList<FeatureResult> results = XunitReport.Read(XDocument.Load(report));
        return Table.Of(results, results);
    }
}
