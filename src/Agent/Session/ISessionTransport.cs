// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Session;

/// <summary>Dials managers.</summary>
internal interface ISessionTransport
{
    /// <summary>Opens a session with one manager. Whether anybody is there shows when the first answer is read.</summary>
    /// <param name="address"><c>host:port</c>.</param>
    ISessionConnection Open(string address);
}
