"""Names that settings may have: all others are refused, or not looked at."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# kinds of models for text whose code comes with transformers, found by what reads their settings to run no code and fetch nothing
KINDS = _words(
    """albert bert camembert deberta deberta-v2 distilbert electra gemma gemma2 gemma3_text gpt2 gpt_neox granite llama mistral mixtral modernbert
    mpnet nomic_bert olmo olmo2 phi phi3 qwen2 qwen3 roberta smollm3 t5 xlm-roberta"""
)
# their settings, and the older names of some
SETTINGS = _words(
    """_sliding_window_pattern activation activation_function add_cross_attention attention_bias attention_dropout attention_multiplier
    attention_probs_dropout_prob attn_logit_softcapping attn_pdrop bos_token_id chunk_size_feed_forward classifier_activation classifier_bias
    classifier_dropout classifier_dropout_prob classifier_pooling clip_qkv cls_token_id d_ff d_kv d_model decoder_bias decoder_start_token_id
    dense_act_fn deterministic_flash_attn dim dropout dropout_rate dtype embd_pdrop embedding_dropout embedding_multiplier embedding_size
    eos_token_id feed_forward_proj final_logit_softcapping global_attn_every_n_layers global_rope_theta head_dim hidden_act hidden_activation
    hidden_dim hidden_dropout hidden_dropout_prob hidden_size id2label initializer_cutoff_factor initializer_factor initializer_range
    inner_group_num intermediate_size is_decoder is_encoder_decoder is_gated_act label2id layer_norm_eps layer_norm_epsilon layer_types legacy
    local_attention local_rope_theta logits_scaling max_position_embeddings max_relative_positions max_window_layers mlp_bias mlp_dropout
    model_type n_ctx n_embd n_head n_heads n_inner n_layer n_layers n_positions no_rope_layer_interval no_rope_layers norm_bias norm_eps
    num_attention_heads num_decoder_layers num_experts_per_tok num_heads num_hidden_groups num_hidden_layers num_key_value_heads num_labels
    num_layers num_local_experts original_max_position_embeddings output_router_logits pad_token_id partial_rotary_factor pooler_dropout
    pooler_hidden_act pooler_hidden_size pos_att_type position_biased_input position_embedding_type pretraining_tp problem_type qa_dropout
    qk_layernorm query_pre_attn_scalar relative_attention relative_attention_max_distance relative_attention_num_buckets reorder_and_upcast_attn
    resid_pdrop residual_multiplier rms_norm_eps rope_local_base_freq rope_parameters rope_scaling rope_theta rotary_emb_base rotary_pct
    router_aux_loss_coef router_jitter_noise scale_attn_by_inverse_layer_idx scale_attn_weights scale_decoder_outputs sep_token_id
    seq_classif_dropout share_att_key sinusoidal_pos_embds sliding_window sliding_window_pattern sparse_pred_ignore_index sparse_prediction
    summary_activation summary_first_dropout summary_last_dropout summary_proj_to_labels summary_type summary_use_proj tie_word_embeddings
    torch_dtype type_vocab_size use_bidirectional_attention use_cache use_parallel_residual use_sliding_window vocab_size"""
)
# said by many files and needed for nothing: left out before anything reads them
LEFT_OUT = _words(
    """_commit_hash _name_or_path _num_labels architectures finetuning_task gradient_checkpointing name_or_path output_attentions
    output_hidden_states output_past return_dict task_specific_params tokenizer_class transformers.js_config transformers_version
    use_return_dict"""
)
# what may stand in them for objects
NESTED = frozenset(("id2label", "label2id", "rope_parameters", "rope_scaling"))
# keys that make something load code or fetch, in any file and at any depth
CODE = {
    "auto_map": "names Python code of the folder",
    "trust_remote_code": "asks for code of the folder to be run",
    "custom_pipelines": "names Python code of the folder",
    "custom_generate": "names Python code of the folder",
    "code_revision": "names code elsewhere",
    "configuration_files": "names other files to read in its place",
    "quantization_config": "names modules that unpack the weights",
    "attn_implementation": "can name a kernel that is fetched and run",
    "_attn_implementation": "can name a kernel that is fetched and run",
    "_attn_implementation_internal": "can name a kernel that is fetched and run",
    "experts_implementation": "can name a kernel that is fetched and run",
    "_experts_implementation": "can name a kernel that is fetched and run",
    "_experts_implementation_internal": "can name a kernel that is fetched and run",
    "kernel_config": "can name a kernel that is fetched and run",
    "base_model_name_or_path": "names another model, which would be fetched",
    "backbone": "names another model, which would be fetched",
    "use_timm_backbone": "names another model, which would be fetched",
    "_target_": "names a Python object",
    "_class_name": "names a Python object",
    "__class__": "names a Python object",
    "__reduce__": "names a Python object",
    "py/object": "names a Python object",
    "class_path": "names a Python object",
    "class_name": "names a Python object",
    "compile_config": "turns on a compiler",
    "watermarking_config": "names a Python object",
    "assistant_model": "names another model, which would be fetched",
    "cache_implementation": "can name a module to import",
}
# of generation, in generation_config.json and, in older folders, in config.json
ANSWERING = _words(
    """_from_model_config bad_words_ids begin_suppress_tokens bos_token_id decoder_start_token_id diversity_penalty do_sample early_stopping
    encoder_no_repeat_ngram_size eos_token_id epsilon_cutoff eta_cutoff forced_bos_token_id forced_eos_token_id length_penalty max_length
    max_new_tokens min_length min_new_tokens min_p no_repeat_ngram_size num_beam_groups num_beams num_return_sequences output_attentions
    output_hidden_states output_scores pad_token_id remove_invalid_values renormalize_logits repetition_penalty return_dict_in_generate
    suppress_tokens temperature top_k top_p transformers_version typical_p use_cache"""
)
TOKENS = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")
TOKENIZING = frozenset((*TOKENS, "padding_side", "truncation_side", "clean_up_tokenization_spaces", "model_max_length", "model_input_names"))
NUMBERS = frozenset(("float32", "float16", "bfloat16", "float64"))
