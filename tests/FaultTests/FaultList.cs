using ShimStack.FaultTests.Faults;

namespace ShimStack.FaultTests;

/// <summary>All faults, in the order of the page.</summary>
internal static class FaultList
{
    public static IReadOnlyList<Fault> All { get; } =
        [
            .. RuntimeStepFaults.All, .. RuntimeCutFaults.All, .. RuntimeOddFaults.All, .. DaemonFaults.All,
            .. ShimFaults.All, .. OutputFaults.All, .. LoggerFaults.All, .. DiskFaults.All, .. DescriptorFaults.All,
        ];

    public static Fault Find(string name) => All.Single(fault => fault.Name == name);
}
