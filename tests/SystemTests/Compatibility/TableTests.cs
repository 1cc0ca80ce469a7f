using System.Xml.Linq;
using ShimStack.Compatibility;

namespace ShimStack.SystemTests.Compatibility;

/// <summary>How results become a table, on small inputs.</summary>
public sealed class TableTests
{
    private static readonly FeatureResult Passed = new("exec", "1.6", Outcome.Passed, "");
    private static readonly FeatureResult Skipped = Passed with { Outcome = Outcome.Skipped, Reason = "no criu" };
    private static readonly FeatureResult Failed = Passed with { Outcome = Outcome.Failed, Reason = "expected 3" };

    [Fact]
    public void AReportNamesFeatureColumnOutcomeAndReason()
    {
        XDocument report = XDocument.Parse(
            """
            <assemblies><assembly><collection>
              <test name="N.C.M(line: &quot;1.6&quot;)" result="Pass"><traits><trait name="feature" value="exec" /></traits></test>
              <test name="N.C.M(line: &quot;1.7&quot;, more: 3)" result="Fail"><traits><trait name="feature" value="exec" /></traits>
                <failure><message>expected 3
            was 4</message></failure></test>
              <test name="N.C.M(line: \&quot;2.x\&quot;)" result="Skip"><traits><trait name="feature" value="exec" /></traits><reason>no criu</reason></test>
              <test name="N.C.Other" result="Pass" />
            </collection></assembly></assemblies>
            """);
        Assert.Equal(
            [
                new FeatureResult("exec", "1.6", Outcome.Passed, ""),
                new FeatureResult("exec", "1.7", Outcome.Failed, "expected 3"),
                new FeatureResult("exec", "2.x", Outcome.Skipped, "no criu"),
            ],
            XunitReport.Read(report));
    }

    [Fact]
    public void ATestThatNamesNoColumnIsRefused() => Assert.Throws<InvalidDataException>(() => XunitReport.Read(XDocument.Parse(
        """<assemblies><test name="N.C.M" result="Pass"><traits><trait name="feature" value="exec" /></traits></test></assemblies>""")));

    [Fact]
    public void ACellIsWhatBothShimsDid()
    {
        Assert.Equal(new Cell(Verdict.Works, ""), Cell.Of([Passed], [Passed]));
        Assert.Equal(new Cell(Verdict.OnlyOurs, ""), Cell.Of([Passed], [Skipped]));
        Assert.Equal(new Cell(Verdict.OnlyOurs, ""), Cell.Of([Passed], [Passed, Failed]));
        Assert.Equal(new Cell(Verdict.Fails, "expected 3"), Cell.Of([Passed, Failed], [Passed]));
        Assert.Equal(new Cell(Verdict.Fails, "expected 3"), Cell.Of([Failed], [Failed]));
        Assert.Equal(new Cell(Verdict.Fails, "did not run"), Cell.Of([], [Passed]));
        Assert.Equal(default, Cell.Of([], []));
    }

    [Fact]
    public void ASkipIsOnlyBelievedWhereTheReferenceCannotEither()
    {
        Assert.Equal(new Cell(Verdict.NotApplicable, "no criu"), Cell.Of([Skipped], [Skipped]));
        Assert.Equal(new Cell(Verdict.NotApplicable, "no criu"), Cell.Of([Skipped], [Failed]));
        Assert.Equal(new Cell(Verdict.Fails, "the reference can: no criu"), Cell.Of([Skipped], [Passed]));
        Assert.Equal(new Cell(Verdict.Fails, "the reference was not asked: no criu"), Cell.Of([Skipped], []));
    }

    [Fact]
    public void RowsAreSortedColumnsHaveTheirOrderAndReasonsAreNumberedOnce()
    {
        FeatureResult[] ours =
            [Skipped with { Column = "crun" }, Skipped with { Column = "2.x" }, Passed, Failed with { Feature = "attach" }];
        Assert.Equal(
            """
            | feature | containerd 1.6 | containerd 2.x | crun |
            |---|---|---|---|
            | attach | ✗ 1 |  |  |
            | exec | ✓ | n/a 2 | n/a 2 |

            1. expected 3
            2. no criu

            """,
            Table.Of(ours, ours).ToMarkdown());
    }

    [Fact]
    public void AWrittenTableIsReadBack()
    {
        FeatureResult[] ours =
            [Skipped with { Column = "crun" }, Passed, Passed with { Column = "1.7" }, Failed with { Feature = "attach" }];
        Table written = Table.Of(ours, [.. ours.Where(result => result.Column != "1.7"), Failed with { Column = "1.7" }]);
        Table read = Table.Parse(Document.Write(written, "This machine."));
        Assert.Equal(
            written.Cells.Select(cell => (cell.Key, cell.Value.Verdict)).Order(),
            read.Cells.Select(cell => (cell.Key, cell.Value.Verdict)).Order());
    }
}
