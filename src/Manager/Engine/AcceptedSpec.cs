// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.Engine;

/// <summary>A spec that validation has passed, with its hashes (SHA-256, lower-case hexadecimal) computed over what the user set.</summary>
/// <param name="Spec">The spec.</param>
/// <param name="SpecHash">Over everything: equal means "no change".</param>
/// <param name="TemplateHash">Over what a container is made of: equal means "no new container".</param>
public sealed record AcceptedSpec(ServiceSpec Spec, string SpecHash, string TemplateHash);
