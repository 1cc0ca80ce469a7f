namespace ShimStack.Supervisor.Introspection;

/// <summary>The version of this build; a test holds it against the project file. Asking the assembly would need reflection.</summary>
internal static class SupervisorVersion
{
    public const string Text = "0.1.0";

    /// <summary>What a client is told besides the version; there is no revision in the binary.</summary>
    public const string Revision = "";
}
