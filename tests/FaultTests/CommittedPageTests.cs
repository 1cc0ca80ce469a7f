using ShimStack.FaultTests.Reporting;

namespace ShimStack.FaultTests;

/// <summary>Holds docs/reliability.md to the faults that it was made of: `./build.sh reliability` makes it anew.</summary>
public sealed class CommittedPageTests
{
    private static readonly IReadOnlyList<Row> Committed =
        Page.Read(File.ReadAllText(Path.Combine(RepositoryRoot(), "docs/reliability.md")));

    [Fact]
    public void ItsRowsAreTheFaults() => Assert.Equal(
        FaultList.All.Select(fault => (fault.Group, fault.Title, fault.Promise)),
        Committed.Select(row => (row.Group, row.Fault, row.Promise)));

    [Fact]
    public void OurShimDoesWhatItShould() => Assert.DoesNotContain(Committed, row => !Page.IsGood(row));

    [Fact]
    public void TheReferenceWasAskedTheSame() => Assert.DoesNotContain(Committed, row => row.Reference.Length == 0);

    private static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ShimStack.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("ShimStack.sln is in no folder above the tests");
        }

        return folder;
    }
}
