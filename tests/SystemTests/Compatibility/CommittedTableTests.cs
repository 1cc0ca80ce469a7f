using System.Reflection;
using ShimStack.Compatibility;
using ShimStack.SystemTests.Daemons;
using Xunit.Sdk;
using Xunit.v3;

namespace ShimStack.SystemTests.Compatibility;

/// <summary>Holds docs/compatibility.md to the tests that it was made of: `./build.sh compatibility` makes it anew.</summary>
public sealed class CommittedTableTests
{
    private static readonly Table Committed =
        Table.Parse(File.ReadAllText(Path.Combine(RuntimeUnderTest.RepositoryRoot, "docs/compatibility.md")));

    [Fact]
    public void NoCellHasFailed() =>
        Assert.DoesNotContain(Committed.Cells, cell => cell.Value.Verdict == Verdict.Fails);

    [Fact]
    public async Task ItsCellsAreThoseOfTheTests() =>
        Assert.Equal((await CellsOfTestsAsync()).Order(), Committed.Cells.Keys.Order());

    [Fact]
    public async Task EveryTestOfTheTableNamesAColumn() =>
        Assert.DoesNotContain(await CellsOfTestsAsync(), cell => !Column.IsKnown(cell.Column));

    private static async Task<IReadOnlyCollection<(string Feature, string Column)>> CellsOfTestsAsync()
    {
        HashSet<(string, string)> cells = [];
        foreach (MethodInfo test in typeof(FeatureAttribute).Assembly.GetTypes().SelectMany(type => type.GetMethods()))
        {
            foreach (FeatureAttribute feature in test.GetCustomAttributes<FeatureAttribute>())
            {
                cells.UnionWith((await ColumnsOfAsync(test)).Select(column => (feature.Feature, column)));
            }
        }

        return cells;
    }

    private static async Task<IEnumerable<string>> ColumnsOfAsync(MethodInfo test)
    {
        await using DisposalTracker tracker = new();
        List<string> columns = [];
        foreach (DataAttribute data in test.GetCustomAttributes<DataAttribute>())
        {
            if (data is MemberDataAttributeBase { MemberType: null } member)
            {
                // What the test runner does for a member of the test's own class.
                member.MemberType = test.DeclaringType;
            }

            foreach (ITheoryDataRow row in await data.GetData(test, tracker))
            {
                columns.Add(row.GetData()[0] as string ?? $"{test.Name} has no text as its first argument");
            }
        }

        return columns.Count > 0 ? columns : [$"{test.Name} is no theory"];
    }
}
