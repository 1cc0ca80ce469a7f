namespace ShimStack.Ctl.Containers;

/// <summary>What shimctl notes on a container for a later shimctl.</summary>
internal static class ContainerLabels
{
    /// <summary>The file that its output goes to, if it does.</summary>
    public const string LogFile = "shimstack.ctl/log-file";

    /// <summary>Removed by whoever sees its end.</summary>
    public const string Remove = "shimstack.ctl/remove";
}
