// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Discovery;

/// <summary>The node's registry did not do what was asked. Trying again may help.</summary>
/// <param name="message">Why, without secrets.</param>
/// <param name="cause">What the client threw.</param>
internal sealed class RegistryUnavailableException(string message, Exception cause) : Exception(message, cause);
