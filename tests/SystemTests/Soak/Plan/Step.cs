using System.Globalization;

namespace ShimStack.SystemTests.Soak.Plan;

/// <summary>One step of a walk: plain data, so that a plan can be printed and compared.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Process">With which process: the name of a <see cref="ProcessModel"/>; empty for a step of the daemon.</param>
/// <param name="Number">How many, which code, which signal; see <see cref="StepKind"/>.</param>
internal readonly record struct Step(StepKind Kind, string Process = "", int Number = 0)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Process} {Number}");
}
