namespace ShimStack.Shim.Bootstrap;

/// <summary>The version of this build; a test holds it against the project file. Asking the assembly would need reflection.</summary>
internal static class ShimVersion
{
    public const string Text = "0.1.0";

    /// <summary>What a daemon is told besides the version; there is no revision in the binary.</summary>
    public const string Revision = "";
}
