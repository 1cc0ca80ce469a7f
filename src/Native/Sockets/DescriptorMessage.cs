namespace ShimStack.Native.Sockets;

/// <summary>Bytes received (or why not), and the descriptors that came with them: the receiver owns them.</summary>
public readonly record struct DescriptorMessage(IoResult Data, IReadOnlyList<FileDescriptor> Descriptors);
