using System.Globalization;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>The truth is what the process noted as its last act; else what the kernel keeps; else what the drill did to it.</summary>
public sealed class CodesAreTrue : IInvariant
{
    public string Name => "codes";

    public string Sentence => "Whoever is told of an exit is told the true code.";

    public IEnumerable<Finding> Check(DrillRecord record)
    {
        foreach (Subject subject in record.Subjects)
        {
            int? one = subject.Noted?.Code ?? subject.KernelCode;
            string truth = string.Join(" or ",
                (one is int code ? [code] : subject.Codes).Order().Select(static code => code.ToString(CultureInfo.InvariantCulture)));
            bool isTrue(int said) => one is int known ? said == known : subject.Codes.Contains(said);
            foreach (WaitRecord wait in subject.Waits)
            {
                foreach (ExitReport report in wait.Answers.Where(report => !isTrue(report.Code)))
                {
                    yield return new Finding(subject.Name, $"the {wait.Name} Wait says {truth}", $"it says {report.Code}", CanHeal: false);
                }
            }

            foreach (ExitReport report in subject.OwnEvents.Where(report => !isTrue(report.Code)))
            {
                yield return new Finding(subject.Name, $"the exit event says {truth}", $"it says {report.Code}", CanHeal: false);
            }
        }
    }
}
