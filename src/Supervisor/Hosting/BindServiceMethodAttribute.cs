using System.Diagnostics;

#pragma warning disable IDE0130 // it stands for another one
namespace Grpc.Core;

/// <summary>
/// In the place of gRPC's own, for the stubs that are compiled here: that one is for finding the methods of a service by reflection, which nobody does (see
/// <see cref="ShimStack.Supervisor.Hosting.ApiMethods"/>), and keeps each stub's methods and the descriptors of all messages in the binary. This one the
/// compiler leaves out.
/// </summary>
[Conditional("NEVER")]
[AttributeUsage(AttributeTargets.Class)]
internal sealed class BindServiceMethodAttribute(Type bindType, string bindMethodName) : Attribute
{
    public Type BindType { get; } = bindType;

    public string BindMethodName { get; } = bindMethodName;
}
