using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using ShimStack.Drill.Invariants;
using ShimStack.Drill.Report;

namespace ShimStack.Drill.Tests.Report;

public sealed class JUnitReportTests
{
    [Fact]
    public void EachInvariantIsACaseAndAViolationItsFailure()
    {
        XElement suite = XDocument.Parse(JUnitReport.Of(Drills.Bad())).Root!.Element("testsuite")!;
        Assert.Equal(("sigkill", "2"), ((string)suite.Attribute("name")!, (string)suite.Attribute("failures")!));
        Assert.Equal([.. InvariantList.All.Select(invariant => invariant.Name), "finished"],
            suite.Elements("testcase").Select(one => (string)one.Attribute("name")!));
        Assert.Equal(["codes", "leaks"],
            suite.Elements("testcase").Where(one => one.Element("failure") is not null).Select(one => (string)one.Attribute("name")!));
        Assert.Contains("expected 7", suite.Descendants("failure").First().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void ADrillThatHeldHasNoFailure() => Assert.Empty(XDocument.Parse(JUnitReport.Of(Drills.Good())).Descendants("failure"));

    [Fact]
    public void AScenarioThatWasNotFinishedIsAFailure()
    {
        DrillResult drill = Drills.Good();
        drill = drill with { Scenarios = [drill.Scenarios[0] with { Failure = "step 3: the daemon does not answer" }] };
        Assert.False(drill.Holds);
        Assert.Equal("step 3: the daemon does not answer",
            Assert.Single(XDocument.Parse(JUnitReport.Of(drill)).Descendants("failure")).Value);
    }

    [Fact]
    public void JsonSaysTheSame()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            JsonReport.Write(writer, Drills.Bad());
        }

        using JsonDocument json = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
        JsonElement scenario = json.RootElement.GetProperty("scenarios")[0];
        Assert.False(json.RootElement.GetProperty("holds").GetBoolean());
        Assert.Equal(71, json.RootElement.GetProperty("seed").GetInt32());
        Assert.Equal(1200, scenario.GetProperty("longestOutage").GetDouble());
        Assert.Equal(["codes", "leaks"],
            scenario.GetProperty("violations").EnumerateArray().Select(one => one.GetProperty("invariant").GetString()));
    }
}
