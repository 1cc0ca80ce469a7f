using Xunit.v3;

namespace ShimStack.SystemTests.Compatibility;

/// <summary>
/// Makes a test a cell of docs/compatibility.md: the row is the feature, the column is the test's first argument (a daemon's line, a runtime).
/// </summary>
/// <param name="feature">The row: what a user calls it, for instance "exec in a terminal".</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FeatureAttribute(string feature) : Attribute, ITraitAttribute
{
    public const string Trait = "feature";

    public string Feature => feature;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new(Trait, feature)];
}
