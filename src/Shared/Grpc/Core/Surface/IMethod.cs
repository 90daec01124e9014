// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>A method of a service without its message types.</summary>
public interface IMethod
{
    /// <summary>How many messages go each way.</summary>
    MethodType Type { get; }

    /// <summary>The full name of the service, for example <c>pkg.Service</c>.</summary>
    string ServiceName { get; }

    /// <summary>The name of the method alone.</summary>
    string Name { get; }

    /// <summary>The path on the wire: <c>/pkg.Service/Method</c>, case-sensitive.</summary>
    string FullName { get; }
}
